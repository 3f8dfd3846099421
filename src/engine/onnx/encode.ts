import protobuf from 'protobufjs/minimal.js';
import type { Attribute, Graph, Node, Value } from './graph.ts';
import { onnxTypeCode } from './graph-builder.ts';

/** The operator set that lowerings write for, and the file format that goes with it. */
const opset = 18;
const irVersion = 8;

type Writer = protobuf.Writer;

/** Protobuf wire types. */
const varint = 0;
const bytes = 2;
const fixed32 = 5;

/**
 * The graph as the bytes of an `.onnx` file: ONNX's ModelProto (github.com/onnx/onnx, `onnx.proto`; field
 * numbers below are its own). Names are given in order of appearance, so the same graph gives the same bytes.
 * Names that start with an underscore are internal; inputs and outputs keep their own.
 */
export function encodeModel(graph: Graph): Uint8Array {
  const writer = protobuf.Writer.create();
  integer(writer, 1, irVersion);
  text(writer, 2, 'amitable');
  message(writer, 7, () => encodeGraph(writer, graph));
  message(writer, 8, () => {
    text(writer, 1, '');
    integer(writer, 2, opset);
  });
  return writer.finish();
}

function encodeGraph(writer: Writer, graph: Graph): void {
  const names = nameValues(graph);
  const name = (value: Value): string => names.get(value)!;

  for (const node of graph.nodes) message(writer, 1, () => encodeNode(writer, node, name));
  text(writer, 2, graph.name);
  for (const value of constantsOf(graph)) message(writer, 5, () => encodeTensor(writer, name(value), value));
  for (const port of graph.inputs) message(writer, 11, () => encodeValueInfo(writer, port.name, port.value));
  for (const port of graph.outputs) message(writer, 12, () => encodeValueInfo(writer, port.name, port.value));
}

/** Constants in the order in which nodes first use them. */
function constantsOf(graph: Graph): Value[] {
  const constants = new Set<Value>();
  for (const node of graph.nodes) for (const value of node.inputs) if (value?.data) constants.add(value);
  return [...constants];
}

function nameValues(graph: Graph): ReadonlyMap<Value, string> {
  const names = new Map<Value, string>();
  for (const { name, value } of [...graph.inputs, ...graph.outputs]) names.set(value, name);
  for (const { inputs, outputs } of graph.nodes) {
    for (const value of [...inputs, ...outputs]) if (value && !names.has(value)) names.set(value, `_${names.size}`);
  }
  return names;
}

function encodeNode(writer: Writer, node: Node, name: (value: Value) => string): void {
  for (const value of node.inputs) text(writer, 1, value === null ? '' : name(value));
  for (const value of node.outputs) text(writer, 2, name(value));
  text(writer, 4, node.op);
  for (const [key, attribute] of Object.entries(node.attributes)) {
    message(writer, 5, () => encodeAttribute(writer, key, attribute));
  }
}

function encodeAttribute(writer: Writer, key: string, attribute: Attribute): void {
  text(writer, 1, key);
  if (typeof attribute === 'number') {
    integer(writer, 3, attribute);
    integer(writer, 20, 2);
  } else if (typeof attribute === 'string') {
    text(writer, 4, attribute);
    integer(writer, 20, 3);
  } else if ('float' in attribute) {
    writer.uint32(tag(2, fixed32)).float(attribute.float);
    integer(writer, 20, 1);
  } else {
    for (const item of attribute) integer(writer, 8, item);
    integer(writer, 20, 7);
  }
}

function encodeTensor(writer: Writer, name: string, { shape, type, data }: Value): void {
  for (const dimension of shape) integer(writer, 1, dimension);
  integer(writer, 2, onnxTypeCode[type]);
  text(writer, 8, name);
  const { buffer, byteOffset, byteLength } = data!;
  writer.uint32(tag(9, bytes)).bytes(new Uint8Array(buffer, byteOffset, byteLength));
}

function encodeValueInfo(writer: Writer, name: string, { shape, type }: Value): void {
  text(writer, 1, name);
  message(writer, 2, () => {
    message(writer, 1, () => {
      integer(writer, 1, onnxTypeCode[type]);
      message(writer, 2, () => {
        for (const dimension of shape) message(writer, 1, () => integer(writer, 1, dimension));
      });
    });
  });
}

function tag(field: number, wireType: number): number {
  return (field << 3) | wireType;
}

function integer(writer: Writer, field: number, value: number): void {
  writer.uint32(tag(field, varint)).int64(value);
}

function text(writer: Writer, field: number, value: string): void {
  writer.uint32(tag(field, bytes)).string(value);
}

function message(writer: Writer, field: number, encode: () => void): void {
  writer.uint32(tag(field, bytes)).fork();
  encode();
  writer.ldelim();
}
