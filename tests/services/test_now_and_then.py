"""What is done now and then begins once, is done again and again, and ends when it is told to."""

import threading

from cadre.services.now_and_then import NowAndThen


def test_it_is_done_again_and_again_until_it_ends() -> None:
    done: list[str] = []
    enough = threading.Event()

    def do() -> None:
        done.append(threading.current_thread().name)
        if len(done) == 3:
            enough.set()

    often = NowAndThen(do, 0.001, "often")
    often.begin()
    often.begin()
    assert enough.wait(10)
    often.end()
    often.end()
    count = len(done)

    assert {"often"} == set(done)
    assert [] == [one for one in threading.enumerate() if one.name == "often"]
    assert count == len(done)
