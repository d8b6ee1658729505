"""The all-MiniLM-L6-v2 sentence encoder as an ONNX graph, made from its published weights.

Method: Wang et al. 2020, "MiniLM: Deep Self-Attention Distillation"; sentence embeddings after Reimers and
Gurevych 2019, "Sentence-BERT": the mean of the last layer's token vectors, scaled to length one. The graph
is the BERT encoder of Devlin et al. 2019, section 3, in inference mode.
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 18
IR_VERSION = 9

Weights = Mapping[str, NDArray[np.float32]]


class _Graph:
    """Collects nodes and constants; every method returns the name of its output."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def integers(self, *values: int) -> str:
        return self.constant("i" + "_".join(map(str, values)), np.array(values, dtype=np.int64))

    def number(self, value: float) -> str:
        return self.constant(f"f{value}", np.array(value, dtype=np.float32))

    def op(self, kind: str, *inputs: str, output: str | None = None, **attributes: object) -> str:
        output = output or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], name=output, **attributes))
        return output

    def linear(self, x: str, layer: str) -> str:
        kernel = self.constant(f"{layer}.kernel", self.weights[f"{layer}.weight"].T)
        bias = self.constant(f"{layer}.bias", self.weights[f"{layer}.bias"])
        return self.op("Add", self.op("MatMul", x, kernel), bias)

    def layer_norm(self, x: str, layer: str, epsilon: float) -> str:
        scale = self.constant(f"{layer}.scale", self.weights[f"{layer}.weight"])
        bias = self.constant(f"{layer}.bias", self.weights[f"{layer}.bias"])
        return self.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=epsilon)

    def gelu(self, x: str) -> str:
        phi = self.op("Erf", self.op("Mul", x, self.number(2**-0.5)))
        return self.op("Mul", self.op("Mul", x, self.number(0.5)), self.op("Add", phi, self.number(1.0)))


def build(weights: Weights, config: Mapping[str, object]) -> onnx.ModelProto:
    """The graph: `ids`, int64 (texts, tokens), to `embeddings`, float32 (texts, 384), of length one.

    There is no mask: texts of one call have the same number of tokens.

    Args:
        weights: the tensors of model.safetensors by name.
        config: the model's config.json.

    Raises:
        KeyError: the weights or the configuration are not those of a BERT encoder.
        onnx.checker.ValidationError: the graph is not valid ONNX.
    """
    width, heads, layers = (int(str(config[k])) for k in ("hidden_size", "num_attention_heads", "num_hidden_layers"))
    epsilon = float(str(config["layer_norm_eps"]))
    g = _Graph(weights)

    words = g.op("Gather", g.constant("words", weights["embeddings.word_embeddings.weight"]), "ids")
    # Every token is of the first segment, so the segment's vector goes into the positions'.
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    length = g.op("Shape", "ids", start=1, end=2)
    positions = g.op("Slice", g.constant("positions", places), g.integers(0), length)
    x = g.layer_norm(g.op("Add", words, positions), "embeddings.LayerNorm", epsilon)

    for number in range(layers):
        layer = f"encoder.layer.{number}"
        query, key, value = (
            g.op("Reshape", g.linear(x, f"{layer}.attention.self.{part}"), g.integers(0, 0, heads, width // heads))
            for part in ("query", "key", "value")
        )
        scores = g.op("MatMul", g.op("Transpose", query, perm=[0, 2, 1, 3]), g.op("Transpose", key, perm=[0, 2, 3, 1]))
        scaled = g.op("Mul", scores, g.number((width // heads) ** -0.5))
        attention = g.op("Softmax", scaled, axis=-1)
        mixed = g.op("MatMul", attention, g.op("Transpose", value, perm=[0, 2, 1, 3]))
        joined = g.op("Reshape", g.op("Transpose", mixed, perm=[0, 2, 1, 3]), g.integers(0, 0, width))
        attended = g.linear(joined, f"{layer}.attention.output.dense")
        x = g.layer_norm(g.op("Add", x, attended), f"{layer}.attention.output.LayerNorm", epsilon)
        inner = g.gelu(g.linear(x, f"{layer}.intermediate.dense"))
        x = g.layer_norm(g.op("Add", x, g.linear(inner, f"{layer}.output.dense")), f"{layer}.output.LayerNorm", epsilon)

    mean = g.op("ReduceMean", x, g.integers(1), keepdims=0)
    norm = g.op("ReduceL2", mean, g.integers(1), keepdims=1)
    g.op("Div", mean, norm, output="embeddings")

    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"])
    embeddings = helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["texts", width])
    graph = helper.make_graph(g.nodes, "all-MiniLM-L6-v2", [ids], [embeddings], list(g.constants.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    return model


def build_file(model_directory: Path, weights: Weights, out: Path, quantized: bool) -> None:
    """Write the graph of a model directory (config.json beside its weights) to a file.

    Args:
        quantized: weights of matrix products as int8, one scale per output channel; the rest stays float32.
    """
    model = build(weights, json.loads((model_directory / "config.json").read_text(encoding="utf-8")))
    if quantized:
        from onnxruntime.quantization import QuantType, quantize_dynamic

        logging.getLogger().addFilter(_without_advice)
        # Seven bits of eight: without it, sums overflow on processors that lack VNNI, and answers would differ.
        quantize_dynamic(model, out, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
    else:
        onnx.save(model, out)


def _without_advice(record: logging.LogRecord) -> bool:
    """The quantizer advises, as a warning, to optimise the graph before; there is nothing in it to optimise."""
    return "pre-processing before quantization" not in record.getMessage()
