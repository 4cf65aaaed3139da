"""What the process asks of the machine."""

import resource

from harness.links.process import open_files


def test_as_many_files_may_be_open_as_the_machine_allows() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
    most = open_files()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
    assert most == hard or hard == resource.RLIM_INFINITY
    assert most > 512
