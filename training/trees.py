"""Boosted trees over candidates: a softmax over each turn's own list, and the trained trees as an ONNX file.

LightGBM trains; ONNX Runtime, which needs nothing of the system, runs them in the product.
"""

from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


def softmax(score: npt.NDArray[Any], valid: Flags) -> npt.NDArray[Any]:
    """Shares of each row's valid entries. Shape (m, k)."""
    masked = np.where(valid, score, -1e9)
    odds = np.exp(masked - masked.max(1, keepdims=True)) * valid
    shares: npt.NDArray[Any] = odds / odds.sum(1, keepdims=True)
    return shares


def train(
    rows: Floats, right: Flags, valid: Flags, *, rounds: int, seed: int, leaves: int = 31, rate: float = 0.08
) -> Any:
    """Trees whose sums, softened over each turn's candidates, are the chance of each.

    Args:
        rows: Columns of each pair. Shape (m, k, columns).
        right: Which candidates are right; a turn with none is left out. Shape (m, k).
        valid: Which candidates exist. Shape (m, k).
        rounds: How many trees.
        seed: Repeats the training.
        leaves: Of each tree.
        rate: How much of each tree counts.
    """
    kept = right.any(1)
    right, valid = right[kept], valid[kept]
    shape, flat = valid.shape, valid.ravel()
    share = right / right.sum(1, keepdims=True)
    data = lightgbm.Dataset(
        rows[kept].reshape(flat.size, -1)[flat],
        right.ravel()[flat].astype(float),
        params={"max_bin": 127, "verbose": -1},
    )

    def objective(predicted: npt.NDArray[Any], _: Any) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        score = np.zeros(flat.size)
        score[flat] = predicted
        chance = softmax(score.reshape(shape), valid)
        slope, bend = (chance - share).ravel()[flat], (chance * (1 - chance)).ravel()[flat]
        return slope, np.maximum(bend, 1e-4) * 2

    settings = {
        "objective": objective, "num_leaves": leaves, "learning_rate": rate, "feature_fraction": 0.6, "bagging_fraction": 0.7,
        "bagging_freq": 1, "min_data_in_leaf": 40, "min_sum_hessian_in_leaf": 0.1, "lambda_l2": 2.0, "seed": seed, "deterministic": True,
        "verbose": -1, "num_threads": 2,
    }  # fmt: skip
    return lightgbm.train(settings, data, rounds)


def scores(boosters: list[Any], rows: Floats) -> npt.NDArray[Any]:
    """Mean of the boosters' sums for each pair. Shape (m, k)."""
    flat = rows.reshape(-1, rows.shape[-1])
    sums: npt.NDArray[Any] = np.mean([b.predict(flat, num_threads=2) for b in boosters], axis=0)
    return sums.reshape(rows.shape[:-1])


def onnx_bytes(boosters: list[Any], columns: int) -> bytes:
    """Several boosters as one ONNX ensemble that takes `rows` (n, columns) and gives their mean sum (n, 1)."""
    from onnx import TensorProto, helper

    parts: dict[str, Any] = {
        name: [] for name in (
            "nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_values", "nodes_modes", "nodes_truenodeids",
            "nodes_falsenodeids", "target_treeids", "target_nodeids", "target_ids", "target_weights")
    }  # fmt: skip
    trees = [tree["tree_structure"] for b in boosters for tree in b.dump_model()["tree_info"]]
    for number, root in enumerate(trees):
        _walk(root, number, [0], parts, len(boosters))
    node = helper.make_node("TreeEnsembleRegressor", ["rows"], ["sum"], domain="ai.onnx.ml", n_targets=1, **parts)
    graph = helper.make_graph(
        [node], "trees",
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [None, columns])],
        [helper.make_tensor_value_info("sum", TensorProto.FLOAT, [None, 1])],
    )  # fmt: skip
    sets = [helper.make_opsetid("ai.onnx.ml", 3), helper.make_opsetid("", 17)]
    return bytes(helper.make_model(graph, opset_imports=sets, ir_version=8).SerializeToString())


def _walk(node: dict[str, Any], tree: int, count: list[int], parts: dict[str, list[Any]], of: int) -> int:
    number, count[0] = count[0], count[0] + 1
    leaf = "split_feature" not in node
    place = len(parts["nodes_nodeids"])
    told = {
        "nodes_treeids": tree, "nodes_nodeids": number, "nodes_modes": "LEAF" if leaf else "BRANCH_LEQ",
        "nodes_featureids": 0 if leaf else node["split_feature"], "nodes_values": 0.0 if leaf else _below(node["threshold"]),
        "nodes_truenodeids": 0, "nodes_falsenodeids": 0,
    }  # fmt: skip
    for key, value in told.items():
        parts[key].append(value)
    if leaf:
        for key, value in (("treeids", tree), ("nodeids", number), ("ids", 0), ("weights", node["leaf_value"] / of)):
            parts[f"target_{key}"].append(value)
    else:
        parts["nodes_truenodeids"][place] = _walk(node["left_child"], tree, count, parts, of)
        parts["nodes_falsenodeids"][place] = _walk(node["right_child"], tree, count, parts, of)
    return number


def _below(threshold: float) -> float:
    """The threshold as the largest 32-bit number not above it, so that a 32-bit column splits as it did in training."""
    near = np.float32(threshold)
    return float(np.nextafter(near, np.float32(-np.inf)) if near > threshold else near)
