"""The house: all piles and runs, as pages on any thread may ask for them (web/services.py House)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

from harness.app.desk import words
from harness.app.desk.books import Books, Job
from harness.app.desk.cases import chosen
from harness.app.desk.crossing import Cross, direct
from harness.app.desk.live_run import Ground, LiveRun
from harness.app.desk.piles_now import PilesNow
from harness.app.desk.pulse import Pulse
from harness.app.desk.stopping import stop_charging
from harness.core import wording
from harness.core.clock import Clock
from harness.core.errors import PersonError
from harness.core.operator import Answer, Firmware, version_fits
from harness.core.pile import PileProfile
from harness.core.ports import Language
from harness.engine.scenario import Scenario
from harness.protocols.ykc.platform import Platform
from web.services import PileNow, RunNow

MOST_MORE = 3600.0  # s that may be asked for at once
Publish = Callable[[str, str, str], None]


class LiveHouse:
    """A House. Its public methods cross into the house's own thread; what they give is frozen.

    `model_of` knows which model a pile code was given to; pages of that model are told when the pile does something.
    """

    def __init__(
        self,
        *,
        platform: Platform,
        clock: Clock,
        language: Language,
        timezone: str,
        scenarios: Mapping[str, Scenario],
        books: Books,
        publish: Publish,
        process: str,
        register: Callable[[PileProfile], None] | None = None,
        model_of: Callable[[str], int | None] = lambda pile_code: None,
        cross: Cross = direct,
        speed: float = 1.0,
    ) -> None:
        first = int(clock.wall().timestamp())  # pages that outlive this process never meet a number twice
        self._ground = Ground(
            clock=clock,
            platform=platform,
            language=language,
            timezone=timezone,
            speed=speed,
            ids=count(first),
            versions=count(first * 1000),
            publish=publish,
            books=books,
        )
        self._platform = platform
        self._enter = register or platform.register
        self.scenarios = scenarios
        self._process = process
        self._model_of = model_of
        self._cross = cross
        self._runs: dict[int, LiveRun] = {}
        self._number = count(1)
        self._models: dict[str, int] = {}
        self._pulses: dict[str, Pulse] = {}
        self._told: dict[str, object] = {}
        self._later: dict[str, PileProfile] = {}
        self._closing = False
        self._piles = PilesNow(platform, clock, self._link_changed)

    # piles

    def pile(self, pile_code: str) -> PileNow:
        """What is known of a pile at this moment."""
        return self._cross(lambda: self._piles.now(pile_code))

    def register(self, profile: PileProfile) -> None:
        """A pile may log in from now on, or its profile changed; while it is under test that waits."""
        model_id = self._model_of(profile.pile_code)
        self._cross(lambda: self._register(profile, model_id))

    def forget(self, pile_code: str) -> None:
        """A pile may not log in any more; a run with it ends."""
        self._cross(lambda: self._forget(pile_code))

    def _register(self, profile: PileProfile, model_id: int | None) -> None:
        code = profile.pile_code
        if model_id is not None:
            self._models[code] = model_id
        if any(run.state != "over" and run.job.profile.pile_code == code for run in self._runs.values()):
            self._later[code] = profile
        else:
            self._admit(profile)
        self._link_changed(code)

    def _admit(self, profile: PileProfile) -> None:
        """The pile of a model charges in runs alone: a card that only shows its number starts nothing."""
        self._enter(profile)
        self._platform.piles[profile.pile_code].runs_only = profile.pile_code in self._models

    def _forget(self, pile_code: str) -> None:
        for run in self._runs.values():
            if run.job.profile.pile_code == pile_code:
                run.stop(words.NOT_REGISTERED, "ours")
        self._later.pop(pile_code, None)
        self._platform.forget(pile_code)
        self._piles.forget(pile_code)
        self._models.pop(pile_code, None)
        self._told.pop(pile_code, None)
        pulse = self._pulses.pop(pile_code, None)
        if pulse is not None:
            pulse.cancel()

    def _link_changed(self, pile_code: str) -> None:
        """A pile did something, or somebody stood at the door: then those who wait for their pile want to know."""
        for code in self._models if not pile_code else (pile_code,):
            self.heard(code)
        for run in self._runs.values():
            if run.job.profile.pile_code == pile_code:
                run.link_changed()

    def heard(self, pile_code: str) -> None:
        """A record joined the journal of a pile; called in the house's own thread."""
        if pile_code in self._models:
            self._pulse(pile_code).soon()

    def tell(self, model_id: int) -> None:
        """A page did something that others show; called in the house's own thread."""
        self._ground.publish(f"model:{model_id}", "changed", str(next(self._ground.versions)))

    def _pulse(self, pile_code: str) -> Pulse:
        if pile_code not in self._pulses:
            ground = self._ground
            self._pulses[pile_code] = Pulse(ground.clock, lambda: self._tell(pile_code), ground.speed)
        return self._pulses[pile_code]

    def _tell(self, pile_code: str) -> None:
        """The pages of a model, when what they show of its pile is not what they were told last."""
        model_id, shows = self._models.get(pile_code), self._piles.shows(pile_code)
        if model_id is not None and self._told.get(pile_code) != shows:
            self._told[pile_code] = shows
            self.tell(model_id)

    # runs

    def run(self, model_id: int) -> RunNow | None:
        """The present run of a model, or its last one in this process."""
        return self._cross(lambda: self._runs[model_id].now() if model_id in self._runs else None)

    def running(self) -> frozenset[int]:
        """The models with a run going on."""
        return self._cross(lambda: frozenset(id for id, run in self._runs.items() if run.state != "over"))

    def start(self, model_id: int, profile: PileProfile, gun_no: str, cases: tuple[str, ...], by: str) -> str:
        """Play cases in order; gives the run's id."""
        return self._cross(lambda: self._start(model_id, profile, gun_no, cases, by))

    def stop(self, model_id: int) -> None:
        """Stop the present run, or without one whatever the pile charges: it is left not charging."""
        self._cross(lambda: self._stop(model_id))

    def late(self, seconds: float) -> None:
        """Our own loop came late; called in the house's own thread."""
        for run in self._runs.values():
            run.late(seconds)

    def stop_all(self) -> None:
        """Stop what runs and begin no more, so that no pile is left charging; called in the house's own thread."""
        self._closing = True
        for run in self._runs.values():
            run.stop(words.CLOSING, "ours")

    def close(self) -> None:
        """Let no timer ring any more; called in the house's own thread."""
        for run in self._runs.values():
            run.close()
        for pulse in self._pulses.values():
            pulse.cancel()

    def _start(self, model_id: int, profile: PileProfile, gun_no: str, cases: tuple[str, ...], by: str) -> str:
        self._check_open()
        scenarios = chosen(self.scenarios, cases, profile)
        self._check_free(model_id, profile, gun_no)
        self._models[profile.pile_code] = model_id
        self._admit(profile)
        self._check_online(profile.pile_code)
        job = Job(run_id=self._new_run_id(), model_id=model_id, profile=profile, gun_no=gun_no, by=by)
        if model_id in self._runs:
            self._runs[model_id].close()
        self._runs[model_id] = run = LiveRun(job, scenarios, self._ground, self._over)
        run.start()
        return job.run_id

    def _stop(self, model_id: int) -> None:
        run = self._runs.get(model_id)
        if run is not None and run.state != "over":
            run.stop(words.BY_HAND)
            return
        for code in [code for code, model in self._models.items() if model == model_id]:
            stop_charging(self._platform, code)

    def _check_open(self) -> None:
        """Pages are still there while what runs is stopped."""
        if self._closing:
            raise PersonError(
                "the platform is shutting down; start the test once it is back",
                "平台正在停止服务；等它恢复后再启动测试",
            )

    def _check_free(self, model_id: int, profile: PileProfile, gun_no: str) -> None:
        code = profile.pile_code
        if gun_no not in profile.gun_numbers():
            raise PersonError(
                f"this model has no gun {gun_no}; choose one of {', '.join(profile.gun_numbers())}",
                f"这个型号没有 {gun_no} 枪，只有 {'、'.join(profile.gun_numbers())}",
            )
        pile = self._platform.piles.get(code)
        going_on = model_id in self._runs and self._runs[model_id].state != "over"
        if going_on or (pile is not None and pile.holds):
            raise PersonError(
                f"a test with pile {code} is going on; wait until it has ended, or stop it",
                f"桩 {code} 正在测试；等它测完，或先停止",
            )

    def _check_online(self, code: str) -> None:
        if not self._platform.online(code):
            raise PersonError(
                f"pile {code} is not online; check its network, platform address, port and pile code, then try again",
                f"桩 {code} 不在线；检查桩的网络、平台地址、端口和桩编码，再启动测试",
            )

    def _over(self, run: LiveRun) -> None:
        """What waited for the end of a run."""
        profile = self._later.pop(run.job.profile.pile_code, None)
        if profile is not None:
            self._admit(profile)

    def _new_run_id(self) -> str:
        return f"{self._platform.local_now():%Y%m%d-%H%M%S}-{self._process[:4]}-{next(self._number)}"

    # what people answer

    def answer(self, model_id: int, prompt_id: int, unable: str = "") -> bool:
        """A person did it, or says why not; False when somebody was first."""
        return self._cross(lambda: self._done(model_id, prompt_id, unable))

    def scanned(self, model_id: int, prompt_id: int, texts: tuple[str, ...], picture: str) -> bool:
        """The QR texts read in a picture; no text: the person says there is no code."""
        answer = Answer(prompt_id=prompt_id, by="person", texts=texts, picture=picture)
        return self._cross(lambda: self._answered(model_id, "scan_qr", answer))

    def chose(self, model_id: int, prompt_id: int, path: Path, version: str) -> bool:
        """A firmware file lies at `path` and holds `version`."""
        try:
            size = path.stat().st_size
        except OSError as error:
            raise PersonError(
                f"the firmware {path.name} cannot be read ({error.strerror}); upload it again",
                f"固件 {path.name} 读不出来（{error.strerror}），重新上传",
            ) from None
        answer = Answer(prompt_id=prompt_id, by="person", firmware=Firmware(str(path), version, size))
        return self._cross(lambda: self._chosen_firmware(model_id, answer))

    def more_time(self, model_id: int, prompt_id: int, seconds: float) -> bool:
        """Wait longer for the person."""
        if not 0 < seconds <= MOST_MORE:
            raise PersonError(
                f"at most {MOST_MORE / 60:.0f} minutes more can be had at once",
                f"一次最多再等 {MOST_MORE / 60:.0f} 分钟",
            )
        return self._cross(lambda: model_id in self._runs and self._runs[model_id].more_time(prompt_id, seconds))

    def _done(self, model_id: int, prompt_id: int, unable: str) -> bool:
        act = self._asked(model_id, prompt_id)
        if not unable and act in words.KINDS:
            zh, en = words.in_one_row(words.PROMPTS[act].line)
            raise PersonError(f"this is not done by a word alone: {en.lower()}", f"这一步光说做了不行：{zh}")
        answer = Answer(prompt_id=prompt_id, by="person", unable=unable)
        return self._answered(model_id, act, answer)

    def _chosen_firmware(self, model_id: int, answer: Answer) -> bool:
        assert answer.firmware is not None
        self._check_version(model_id, answer.prompt_id, answer.firmware.version)
        return self._answered(model_id, "choose_firmware", answer)

    def _check_version(self, model_id: int, prompt_id: int, version: str) -> None:
        """Better told now than by a case that cannot be played."""
        if self._asked(model_id, prompt_id) != "choose_firmware":
            return
        current = self._runs[model_id].program_version()
        if not version_fits(version) or version == current:
            zh, en = wording.say("firmware_version_bad", {"version": version, "current": current})
            raise PersonError(en, zh)

    def _asked(self, model_id: int, prompt_id: int) -> str:
        return self._runs[model_id].asked(prompt_id) if model_id in self._runs else ""

    def _answered(self, model_id: int, act: str, answer: Answer) -> bool:
        asked = self._asked(model_id, answer.prompt_id)
        return bool(asked) and asked == act and self._runs[model_id].answer(answer.prompt_id, answer)
