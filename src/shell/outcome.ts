// What a command has to say, as plain data. No command prints: `output/` turns an Outcome into text for people, or into JSON,
// where `data` stands as it is beside `ok`, `command` and `line`.
import type { Refusal } from '../errors.ts';
import type { Lesson } from './lessons/lesson.ts';
import type { Order } from '../order.ts';
import type { LoggedEvent, ProjectionStatus, RebuildReport } from '../order-service.ts';
import type { ViewContext } from './output/views/view.ts';
import type { Analytics } from '../projections/analytics-projection.ts';
import type { SagaStep } from '../saga/saga-events.ts';
import { remainingSteps, type SagaState, type SagaLogEntry, type SagaStatus } from '../saga/saga-state.ts';
import type { LoadedState, Snapshot } from '../snapshots/snapshot-manager.ts';
import type { OrderState, OrderStatus } from '../order.ts';
import type { Check } from '../verify.ts';

export type Outcome =
  | Of<'recorded', { orderId: string; repeated?: boolean; events: readonly LoggedEvent[]; order: Order }>
  | Of<'dry-run', { orderId: string; dryRun: true; events: readonly UnrecordedEvent[] }>
  | Of<'race', { race: Race }>
  | Of<'using', { order: Order }>
  | Of<'catalog', { products: readonly ProductRow[] }>
  | Of<'saga', { saga: SagaReport; order: Order | undefined }, { placedSample: boolean }>
  | Of<'sagas', { sagas: readonly SagaReport[] }, Limited>
  | Of<
      'orders',
      { at?: number; behind?: number; orders: readonly Order[] },
      Limited & { status: string | undefined }
    >
  | Of<
      'order',
      { at?: number; behind?: number; order: Order },
      { latest: number; loaded?: LoadedState<OrderState> }
    >
  | Of<'events', { events: readonly LoggedEvent[] }, Limited & { stream: string }>
  | Of<'event', { event: LoggedEvent }>
  | Of<'log', { events: readonly LoggedEvent[] }, Limited>
  | Of<'timeline', { orderId: string; timeline: readonly TimelineRow[] }, Limited>
  | Of<'scrub', { orderId: string; timeline: readonly TimelineRow[] }, Limited & { frames: readonly Frame[] }>
  | Of<'diff', { diff: Diff }>
  | Of<'trace', { trace: { id: string; tree: readonly TraceNode[] } }>
  | Of<'analytics', { at?: number; behind?: number; analytics: Analytics }>
  | Of<'projections', { projections: ProjectionStatus & { delivered?: string; caughtUp?: number } }>
  | Of<'generate', { generate: { orders: number; events: number; refused: number } }>
  | Of<'snapshot', { snapshot: Snapshot<OrderState> }>
  | Of<'snapshots', { snapshots: readonly Snapshot<OrderState>[] }, Limited>
  | Of<'load', { load: LoadReport }>
  | Of<'rebuild', { rebuild: RebuildReport }>
  | Of<'redeliver', { redeliver: RebuildReport & { event: string } }>
  | Of<'verify', { verify: { ok: boolean; checks: readonly Check[] } }>
  | Of<'help', { help: HelpPage }>
  | Of<'set', { settings: Readonly<Record<string, string>> }>
  | Of<'reset', { reset: { events: number } }>
  | Of<'exit', { exit?: number }>
  | Of<'expected', { expect: { thing: string; held: readonly string[] } }>
  | Of<'lessons', { lessons: readonly { name: string; about: string }[] }>
  | Of<'exercise', { exercise: { lesson: string; goal: string } }>
  | Of<'check', { check: { lesson: string; solved: boolean; left?: boolean; lines: readonly CheckedLine[] } }>
  | Of<'play', object, { script: PlayedScript }>
  /** A command that brings its own view. */
  | Of<'shown', object, { view: (context: ViewContext) => string | Promise<string> }>
  /** A person was asked, and thought better of it. */
  | Of<'cancelled', object>
  | Of<'nothing', object>;

/** `data` is what JSON shows; the rest is for people's eyes only. `failure` makes the line fail although there is something to show. */
type Of<K extends string, D, View = unknown> = {
  readonly kind: K;
  readonly data: Readonly<D>;
  readonly failure?: Refusal | undefined;
} & Readonly<View>;

/** An outcome and how it looks, in the room of its command. */
export function shown<D extends object>(
  data: D,
  view: (data: D, context: ViewContext) => string | Promise<string>,
): Outcome {
  return { kind: 'shown', data, view: (context) => view(data, context) };
}

/** How many rows of a table are shown; JSON is never cut. */
export interface Limited {
  readonly limit: number;
}

export interface ProductRow {
  readonly sku: string;
  readonly price: number;
  readonly stock: number;
  /** What no saga has reserved. */
  readonly available: number;
}

export interface SagaReport {
  readonly sagaId: string;
  readonly orderId: string;
  readonly status: SagaStatus;
  readonly failedStep?: SagaStep;
  /** What is still to be done or undone, when the saga has not ended. */
  readonly remaining: readonly SagaStep[];
  readonly log: readonly SagaLogEntry[];
}

/** What a dry run would have appended. */
export interface UnrecordedEvent {
  readonly type: string;
  readonly aggregateId: string;
  readonly version: number;
  readonly data: unknown;
}

/** Two writers, and what each did in the order in which it happened. */
export interface Race {
  readonly orderId: string;
  readonly writers: readonly [a: string, b: string];
  readonly steps: readonly { readonly writer: 'A' | 'B'; readonly what: string; readonly ok?: boolean }[];
  readonly order: Order | undefined;
}

/** A saga without the bookkeeping of its orchestrator. */
export function reportSaga(saga: SagaState): SagaReport {
  const { sagaId, orderId, status, failedStep, log } = saga;
  return {
    sagaId,
    orderId,
    status,
    ...(failedStep ? { failedStep } : {}),
    remaining: remainingSteps(saga),
    log,
  };
}

/** An event and the order that it made. */
export interface Frame {
  readonly event: LoggedEvent;
  readonly order: Order;
}

/** A command, or an event, and what it directly caused. */
export interface TraceNode {
  readonly id: string;
  readonly event?: LoggedEvent;
  readonly children: readonly TraceNode[];
}

/** An event, and the state that it made. Amounts in cents. */
export interface TimelineRow {
  readonly version: number;
  readonly event: string;
  readonly status: OrderStatus;
  readonly items: number;
  readonly totalAmount: number;
  readonly balanceDue: number;
}

export interface Diff {
  readonly orderId: string;
  readonly from: number;
  readonly to: number;
  readonly changes: readonly { readonly field: string; readonly from?: unknown; readonly to?: unknown }[];
}

/** How a state was loaded, against what a full replay would have cost. */
export interface LoadReport {
  readonly orderId: string;
  readonly version: number;
  readonly snapshotVersion?: number;
  readonly eventsReplayed: number;
  readonly fullReplay: number;
  readonly ignored?: string;
  /** Whether the full replay gave the same state. */
  readonly same: boolean;
}

/** A page of help: paragraphs and aligned pairs. */
export interface HelpPage {
  readonly usage?: string;
  readonly text?: readonly string[];
  readonly footer?: string;
  readonly sections: readonly {
    readonly title: string;
    readonly rows: readonly (readonly [string, string])[];
  }[];
}

/** A line of an exercise, and what is missing where it fails. */
export interface CheckedLine {
  readonly line: string;
  readonly ok: boolean;
  readonly message?: string;
}

/** A script that a command asks the shell to play. */
export interface PlayedScript {
  /** What messages call it: its file, or its title. */
  readonly name: string;
  readonly lines: AsyncIterable<readonly (string | Refusal)[]>;
  /** A lesson is played in a shop of its own, every line shown; without one, the lines are played in the shop at hand. */
  readonly demonstration?: Lesson;
  /** Whether to wait after each command, where there is somebody to wait for. */
  readonly step?: boolean;
}
