// What a stored event must look like, and how older shapes become today's (upcasting): small functions, one
// step each, that run when it is read. What is stored stays as it was.
import { OrderlabError } from '../errors.ts';
import { frozenJson } from '../freeze.ts';
import { eventId, type BaseDomainEvent, type EventMetadata, type Says } from './event-types.ts';
import { fields, type DataOf, type Fields, type Shape } from './shapes.ts';

/** The schemas of all events that a log may hold. */
export interface Schemas {
  /** The number of today's schema of a type; undefined for a type that nothing knows. */
  today(type: string): number | undefined;
  /** The number of the schema in which an event was written: 1 where it does not say. */
  numberOf(event: Pick<BaseDomainEvent, 'metadata'>): number;
  /**
   * Why it is not what its schema says, or cannot become one of today's, in words that follow its name: `is
   * OrderCreated of schema 3 …`; undefined when it is and can.
   */
  whyNot(event: BaseDomainEvent): string | undefined;
  /**
   * The event in today's shape: the same one when it was written in it, or is of a type that nothing knows.
   * Throws VALIDATION when it cannot be brought there.
   */
  upcast<E extends BaseDomainEvent>(event: E): E;
}

/** A shape that events had once, and the step that brings them to the next number. */
export interface OlderShape {
  /** What they were called. */
  readonly type: string;
  readonly number: number;
  readonly shape: Shape<unknown>;
  /** What they are called from the next number on. */
  readonly becomes: string;
  readonly step: (data: never) => unknown;
}

/**
 * Events of this type and number said so. `step` makes of it what the next number says, of the type that they
 * are called from there on, where that is another.
 */
export function older<F extends Fields>(old: {
  readonly type: string;
  readonly number: number;
  readonly says: F;
  readonly becomes?: string;
  readonly step: (data: DataOf<F>) => unknown;
}): OlderShape {
  const { type, number, says, becomes = type, step } = old;
  return { type, number, shape: fields(says), becomes, step };
}

type Lists = readonly Readonly<Record<string, Says<unknown>>>[];

/**
 * The schemas of these lists of events, and of what there was before. Throws INTERNAL, a mistake of whoever
 * wrote the lists: when a type and number are there twice, a step leads nowhere, or names go in a circle.
 */
export function schemasOf(lists: Lists, olderShapes: readonly OlderShape[] = []): Schemas {
  const known = new Map<string, KnownType>();
  const add = (type: string, number: number, shape: Shape<unknown>, before?: OlderShape) => {
    const { today, shapes = new Map<number, KnownShape>() } = known.get(type) ?? {};
    if (shapes.has(number)) throw wrong(`${type} of schema ${number} is there twice`);
    shapes.set(number, { shape, before });
    known.set(type, { today: before ? today : number, shapes });
  };
  for (const list of lists)
    for (const [type, { shape, number }] of Object.entries(list)) {
      const other = known.get(type)?.today;
      if (other !== undefined) throw wrong(`${type} is there twice`);
      add(type, number, shape);
    }
  for (const old of olderShapes) add(old.type, old.number, old.shape, old);
  requireWayToToday(known, olderShapes);
  return new EventSchemas(known);
}

interface KnownType {
  /** Undefined for a name that is used no more. */
  readonly today: number | undefined;
  /** By their numbers. */
  readonly shapes: Map<number, KnownShape>;
}

interface KnownShape {
  readonly shape: Shape<unknown>;
  /** How it becomes the next number; absent for today's. */
  readonly before: OlderShape | undefined;
}

// From each older shape, step by step, one comes to today's; and a name that was given up stays so.
function requireWayToToday(known: ReadonlyMap<string, KnownType>, olderShapes: readonly OlderShape[]): void {
  for (const first of olderShapes) {
    const names = [first.type];
    for (let at: OlderShape | undefined = first; at !== undefined;) {
      const { type, number, becomes }: OlderShape = at;
      const isCircle = becomes !== type && names.includes(becomes);
      if (becomes !== names.at(-1)) names.push(becomes);
      if (isCircle) throw wrong(`names go in a circle: ${names.join(', ')}`);
      const next: KnownShape | undefined = known.get(becomes)?.shapes.get(number + 1);
      if (!next)
        throw wrong(
          `${type} of schema ${number} becomes ${becomes} of schema ${number + 1}, which is not there`,
        );
      at = next.before;
    }
    const { today } = known.get(first.type)!;
    if (today !== undefined && first.number > today)
      throw wrong(
        `${first.type} of schema ${first.number} is said to be older than today's, which is ${today}`,
      );
  }
}

function wrong(why: string): OrderlabError {
  return new OrderlabError('INTERNAL', `the list of schemas is wrong: ${why}`);
}

class EventSchemas implements Schemas {
  readonly #known: ReadonlyMap<string, KnownType>;

  constructor(known: ReadonlyMap<string, KnownType>) {
    this.#known = known;
  }

  today(type: string): number | undefined {
    return this.#known.get(type)?.today;
  }

  numberOf({ metadata }: Pick<BaseDomainEvent, 'metadata'>): number {
    return (metadata as EventMetadata | null)?.schema ?? 1;
  }

  whyNot(event: BaseDomainEvent): string | undefined {
    const { type, data } = event;
    const number = this.numberOf(event);
    const kind = this.#known.get(type);
    if (!kind || (kind.today === undefined && !kind.shapes.has(number)))
      return `is ${called(type, number)}, a type that nothing knows`;
    const brought = this.#bring(event);
    if (typeof brought === 'string') return brought;
    return brought === event
      ? notAsItSays(type, number, kind.shapes.get(number)!.shape(data, 'data'))
      : undefined;
  }

  upcast<E extends BaseDomainEvent>(event: E): E {
    const brought = this.#bring(event);
    if (typeof brought !== 'string') return brought;
    const where = eventId(event);
    throw new OrderlabError('VALIDATION', `${where} ${brought}`, `event ${where} --stored`);
  }

  // The event in today's shape; or why it cannot have it. Asked of each event of a log that is read: what was
  // written in today's is known by two look-ups.
  #bring<E extends BaseDomainEvent>(event: E): E | string {
    const kind = this.#known.get(event.type);
    if (!kind) return event;
    const number = this.numberOf(event);
    if (number === kind.today) return event;
    const written = kind.shapes.get(number);
    if (written) return this.#stepUp(event, number, written);
    if (kind.today === undefined) return event;
    const is = `is ${called(event.type, number)}; this orderlab knows ${listed([...kind.shapes.keys()])}`;
    return number > kind.today ? `${is}: a newer one wrote it` : is;
  }

  #stepUp<E extends BaseDomainEvent>(event: E, from: number, written: KnownShape): E | string {
    let { type, data }: BaseDomainEvent = event;
    let number = from;
    for (let { shape, before }: KnownShape = written; ;) {
      const why = notAsItSays(type, number, shape(data, 'data'));
      if (why !== undefined)
        return number === from ? why : `cannot be brought to today's shape: then it ${why}`;
      if (!before) break;
      data = before.step(data as never);
      type = before.becomes;
      number++;
      ({ shape, before } = this.#known.get(type)!.shapes.get(number)!);
    }
    const { schema: _, ...rest } = event.metadata;
    const metadata = withNumber(rest, number);
    return frozenJson({ ...event, type, metadata, data }, 'event', type);
  }
}

/** Metadata that says in which schema an event is; that it is 1 goes without saying. */
export function withNumber(metadata: EventMetadata, number: number): EventMetadata {
  return number === 1 ? metadata : { ...metadata, schema: number };
}

function notAsItSays(type: string, number: number, why: string | undefined): string | undefined {
  return why && `is not what ${called(type, number)} says: ${why}`;
}

function called(type: string, number: unknown): string {
  return `${type} of schema ${JSON.stringify(number)}`;
}

function listed(numbers: readonly number[]): string {
  return numbers.toSorted((a, b) => a - b).join(', ');
}
