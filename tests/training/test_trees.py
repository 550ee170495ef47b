import numpy as np
import pytest

pytest.importorskip("lightgbm")
pytest.importorskip("onnx")

from training.trees import onnx_bytes, scores, softmax, train

Problem = tuple[np.ndarray, np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def problem() -> Problem:
    """Turns with five candidates, some missing, of which the one with the largest first column is right."""
    random = np.random.default_rng(4)
    rows = random.normal(size=(600, 5, 3)).astype(np.float32)
    valid = random.random((600, 5)) > 0.2
    valid[:, 0] = True
    best = np.where(valid, rows[..., 0], -np.inf).argmax(1)
    return rows, np.arange(5)[None, :] == best[:, None], valid


@pytest.fixture(scope="module")
def booster(problem: Problem):
    return train(*problem, rounds=20, seed=1, leaves=7)


def test_shares_of_a_row_sum_to_one_over_what_is_there() -> None:
    shares = softmax(
        np.array([[1.0, 2.0, 900.0], [0.0, 0.0, 0.0]]), np.array([[True, True, False], [True, False, False]])
    )

    assert np.allclose(shares.sum(1), 1)
    assert [0, 0, 0] == shares[[0, 1, 1], [2, 1, 2]].tolist()
    assert shares[0, 1] > shares[0, 0] > 0


def test_large_scores_do_not_overflow() -> None:
    assert np.isfinite(softmax(np.array([[1e6, -1e6]]), np.array([[True, True]]))).all()


def test_trees_learn_which_candidate_is_right(problem: Problem, booster: object) -> None:
    rows, right, valid = problem
    taken = softmax(scores([booster], rows), valid).argmax(1)

    assert right[np.arange(len(rows)), taken].mean() > 0.85


def test_the_same_numbers_give_the_same_trees(problem: Problem, booster: object) -> None:
    again = train(*problem, rounds=20, seed=1, leaves=7)

    assert np.array_equal(scores([booster], problem[0]), scores([again], problem[0]))


def test_a_turn_without_a_right_candidate_is_left_out(problem: Problem, booster: object) -> None:
    rows, right, valid = problem
    more = train(
        np.concatenate([rows, rows[:50]]),
        np.concatenate([right, right[:50] & False]),
        np.concatenate([valid, valid[:50]]),
        rounds=20,
        seed=1,
        leaves=7,
    )

    assert np.allclose(scores([booster], rows), scores([more], rows))


def test_the_onnx_file_gives_what_the_boosters_give(problem: Problem, booster: object) -> None:
    import onnxruntime

    rows = problem[0]
    boosters = [booster, train(*problem, rounds=10, seed=2, leaves=5)]
    session = onnxruntime.InferenceSession(onnx_bytes(boosters, 3), providers=["CPUExecutionProvider"])
    found = session.run(None, {"rows": rows.reshape(-1, 3)})[0]

    assert (rows.shape[0] * 5, 1) == found.shape
    assert np.allclose(scores(boosters, rows).ravel(), found[:, 0], atol=1e-4)
