"""The platform's side: the queue, evidence and decisions, customers, administration, the webhook."""
