"""Which findings say that something did not happen: each is one or not, by its code."""

from __future__ import annotations

# Findings that say that something did not happen: a window in which the pile was there, and in which it was not so.
ABSENT = """
no_start_reply charging_late ask_start_missing no_stop_reply record_missing record_late record_lost frame_late
no_reboot_reply connection_not_lost not_back no_update_reply firmware_not_fetched firmware_not_opened qr_no_reply
qr_not_shown estop_not_cleared estop_not_reported clock_not_followed charging_unconfirmed no_energy no_curve
statuses_right serial_same record_kept record_settled not_repeated stayed_online stayed_unanswered
crc_ignored split_not_read rubbish_not_skipped start_repeat_same start_repeat_refused start_repeat_unanswered
stop_idle_refused stop_idle_unanswered guns_apart other_goes_on rest_still estop_both not_resumed
act_not_seen operator_silent pile_offline boundary_not_reached not_seen nothing_checked not_reached
"""
# All others say what there was: a frame, a value in it, or something of ours.
PRESENT = """
start_accepted start_refused start_failed start_confirmed charging_seen charged ended_early restarted
ask_start_seen vin_not_reversed card_unknown vin_unknown idle_while_charging serial_changed stop_accepted
stopped_by_platform stopped_by_other stopped_by_estop estop_reason_wrong estop_released record_seen record_changed
trade_flag_right trade_flag_wrong times_right times_wrong card_right card_wrong vin_right vin_wrong
energy_equal energy_mismatch energy_rounding split_equal no_split no_meter amount_equal amount_mismatch
tariff_refused tariff_simple tariff_not_accepted tariff_deferred tariff_at_once tariff_mixed
clock_moved clock_not_moved qr_confirmed qr_refused qr_refused_but_shown qr_right qr_wrong qr_unreadable
reboot_accepted connection_lost back_online firmware_fetched firmware_login_failed firmware_partial
firmware_version_bad update_confirmed update_refused version_changed version_unchanged
serial_crossed record_crossed energy_crossed other_stopped rest_moves estop_one_gun resumed
frame_seen frame_differs frame_tolerated crc_order crc_not_checked charge_went_on charge_stopped_offline
repeats_after_30 repeats_after_300 repeats_otherwise repeated_after_confirm started_anew
stop_idle_accepted stop_idle_record gun_pulled pile_lost still_charging current_flows
operator_unable no_operator loop_late aborted ended_by_us harness_fault not_played
not_declared one_gun bench_only card_cut card_decimal card_otherwise vin_cut
"""

ABSENCES = frozenset(ABSENT.split())
PRESENCES = frozenset(PRESENT.split())
