// The lines of an order: the same SKU at the same price is one line. They are kept so that adding one neither
// looks through the others nor copies them, and leaves the lines as they were to whoever holds them. (A hash
// trie: Phil Bagwell, "Ideal Hash Trees", 2001.)
import type { OrderItem } from './events/event-types.ts';
import type { Cents } from './money.ts';

/** A few lines in a row, or many in a tree. */
export type Lines = readonly OrderItem[] | ManyLines;

/** So many lines are looked through, and copied, faster than a tree is built. */
const FEW = 16;

/** These lines and more items, each of which is added to its line where there is one. */
export function addLines(lines: Lines, items: readonly OrderItem[]): Lines {
  let all = lines;
  for (const item of items)
    all = all instanceof ManyLines ? all.add(frozen(item)) : addToFew(all, frozen(item));
  return all;
}

function addToFew(lines: readonly OrderItem[], item: OrderItem): Lines {
  for (let at = 0; at < lines.length; at++) {
    if (isSameLine(lines[at]!, item)) return Object.freeze(lines.with(at, merged(lines[at]!, item)));
  }
  return lines.length < FEW ? Object.freeze(lines.concat(item)) : linesOf(lines).add(item);
}

// What a store hands out is frozen, and shared.
function frozen(item: OrderItem): OrderItem {
  if (Object.isFrozen(item)) return item;
  const { sku, quantity, unitPrice } = item;
  return Object.freeze({ sku, quantity, unitPrice });
}

/** The lines as a list, in the order in which they came. */
export function listLines(lines: Lines): readonly OrderItem[] {
  return lines instanceof ManyLines ? lines.list() : lines;
}

/** How many items there are on all lines together. */
export function quantityOf(lines: Lines): number {
  if (lines instanceof ManyLines) return lines.quantity;
  let sum = 0;
  for (const { quantity } of lines) sum += quantity;
  return sum;
}

/** What one line comes to. */
export function amountOf({ quantity, unitPrice }: OrderItem): Cents {
  return quantity * unitPrice;
}

/** What these lines come to. */
export function totalOf(items: readonly OrderItem[]): Cents {
  let sum = 0;
  for (const item of items) sum += amountOf(item);
  return sum;
}

/** A list of many lines as lines that can be added to. */
function linesOf(items: readonly OrderItem[]): ManyLines {
  return items.reduce((lines, item) => lines.add(item), NONE);
}

function isSameLine(a: OrderItem, b: OrderItem): boolean {
  return a.sku === b.sku && a.unitPrice === b.unitPrice;
}

function merged({ sku, unitPrice, quantity }: OrderItem, more: OrderItem): OrderItem {
  return Object.freeze({ sku, quantity: quantity + more.quantity, unitPrice });
}

/** Many lines, found by a hash of what makes a line. */
export class ManyLines {
  /** How many items there are, kept up line by line: nobody has to list them to count them. */
  readonly quantity: number;
  readonly #root: Node;
  readonly #count: number;
  #listed: readonly OrderItem[] | undefined;

  constructor(root: Node, count: number, quantity: number) {
    this.#root = root;
    this.#count = count;
    this.quantity = quantity;
  }

  add(item: OrderItem): ManyLines {
    const leaf: Leaf = { hash: hashOf(item), at: this.#count, item };
    const isNew = find(this.#root, leaf, 0) === undefined;
    const quantity = this.quantity + item.quantity;
    return new ManyLines(put(this.#root, leaf, 0), this.#count + Number(isNew), quantity);
  }

  list(): readonly OrderItem[] {
    this.#listed ??= Object.freeze(
      leavesOf(this.#root)
        .toSorted((a, b) => a.at - b.at)
        .map(({ item }) => item),
    );
    return this.#listed;
  }
}

/** A line, and its place among them, from 0. */
interface Leaf {
  readonly hash: number;
  readonly at: number;
  readonly item: OrderItem;
}

/** A few leaves in a row; or 32 nodes, by five bits of the hash, five more at each level. */
type Node = readonly Leaf[] | { readonly nodes: readonly Node[] };

const BITS = 5;
const EMPTY: Node = [];
const NONE = new ManyLines(EMPTY, 0, 0);

function put(node: Node, leaf: Leaf, depth: number): Node {
  if ('nodes' in node) {
    const slot = slotOf(leaf, depth);
    return { nodes: node.nodes.with(slot, put(node.nodes[slot]!, leaf, depth + 1)) };
  }
  const at = node.findIndex(({ item }) => isSameLine(item, leaf.item));
  if (at >= 0) return node.with(at, { ...node[at]!, item: merged(node[at]!.item, leaf.item) });
  if (node.length < FEW || depth * BITS >= 32) return [...node, leaf];
  const split: Node = { nodes: Array.from({ length: 1 << BITS }, () => EMPTY) };
  return [...node, leaf].reduce<Node>((grown, each) => put(grown, each, depth), split);
}

function find(node: Node, leaf: Leaf, depth: number): Leaf | undefined {
  if ('nodes' in node) return find(node.nodes[slotOf(leaf, depth)]!, leaf, depth + 1);
  return node.find(({ item }) => isSameLine(item, leaf.item));
}

function leavesOf(node: Node): readonly Leaf[] {
  return 'nodes' in node ? node.nodes.flatMap(leavesOf) : node;
}

function slotOf({ hash }: Leaf, depth: number): number {
  return (hash >>> (depth * BITS)) & ((1 << BITS) - 1);
}

// FNV-1a: a few multiplications, and well spread.
function hashOf({ sku, unitPrice }: OrderItem): number {
  const text = `${sku}@${unitPrice}`;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
