"""Joins the parts; the only room that knows every other. Each command loads what it needs when it is called."""

from __future__ import annotations

import argparse

from harness.settings import Settings


def run(settings: Settings, args: argparse.Namespace) -> int:
    """`harness run`: play cases against a simulated or a real pile; gives the exit code."""
    from harness.app import running

    return running.run(settings, args)


def serve(settings: Settings, args: argparse.Namespace) -> int:
    """`harness serve`: keep piles online and log them until stopped."""
    from harness.app import serving

    return serving.serve(settings, args)


def user_add(settings: Settings, args: argparse.Namespace) -> int:
    """`harness user add`: a reviewer or admin of the desk."""
    from harness.app import users

    return users.add(settings, args)


def user_list(settings: Settings, args: argparse.Namespace) -> int:
    """`harness user list`: who they are."""
    from harness.app import users

    return users.listed(settings, args)


def user_password(settings: Settings, args: argparse.Namespace) -> int:
    """`harness user password`: a new one."""
    from harness.app import users

    return users.password(settings, args)


def demo(settings: Settings, args: argparse.Namespace) -> int:
    """`harness demo`: the desk with its people and a simulated pile, to click through."""
    from harness.app import demonstrating

    return demonstrating.demo(settings, args)


def simulate(settings: Settings, args: argparse.Namespace) -> int:
    """`harness simulate`: one simulated pile, with keys or typed commands."""
    from harness.app import simulating

    return simulating.simulate(args, settings.timezone)


def selftest(settings: Settings, args: argparse.Namespace) -> int:
    """`harness selftest`: all broken piles against all cases and rules, and all right ones."""
    from harness.app import selftesting

    return selftesting.selftest(settings, args)


def faults(settings: Settings, args: argparse.Namespace) -> int:
    """`harness faults`: what a simulated pile can do wrong, and its dialects."""
    from harness.app import misbehaving

    return misbehaving.listed(args)


def runs(settings: Settings, args: argparse.Namespace) -> int:
    """`harness runs`: list what the database holds."""
    from harness.app import archive

    return archive.runs(settings, args)


def judge(settings: Settings, args: argparse.Namespace) -> int:
    """`harness judge`: a stored run judged again."""
    from harness.app import judging

    return judging.judge(settings, args)


def export(settings: Settings, args: argparse.Namespace) -> int:
    """`harness export`: write a stored run in another form."""
    from harness.app import archive

    return archive.export(settings, args)


def wireshark(settings: Settings, args: argparse.Namespace) -> int:
    """`harness wireshark`: the dissector."""
    from harness.app import capturing

    return capturing.wireshark(settings, args)


def audit(settings: Settings, args: argparse.Namespace) -> int:
    """`harness audit`: judge captures from elsewhere."""
    from harness.app import auditing

    return auditing.audit(settings, args)
