// What one sitting at the shell remembers: the shop, the order at hand, and the settings. No command keeps
// state of its own.
import type { OrderItem } from '../events/event-types.ts';
import type { Catalog } from '../catalog.ts';
import type { Order } from '../order.ts';
import {
  openOrderService,
  type LoggedEvent,
  type OrderService,
  type OrderServiceOptions,
} from '../order-service.ts';
import { copyLog } from '../events/copied-log.ts';
import { InMemoryEventStore } from '../events/event-store.ts';
import { LogReplacedError } from '../events/kept-store.ts';
import type { SagaStep } from '../saga/saga-events.ts';
import type { ShellClock } from './clock.ts';
import type { ShopStore, Stores } from './stores.ts';
import type { OpenExercise } from './teaching/exercises.ts';
import { Progress } from './teaching/progress.ts';
import type { History } from './input/history.ts';
import type { openScript } from './input/files.ts';
import { Recorder } from './input/recorder.ts';
import type { Person, ShowPictures } from './input/person.ts';

/** What `set` shows and changes. */
export interface Settings {
  format: 'table' | 'json';
  /** `always` paints what is no terminal, too: only the command line says that. */
  color: 'auto' | 'on' | 'off' | 'always';
  ascii: boolean;
  quiet: boolean;
  echo: boolean;
  keepGoing: boolean;
  /** Whether text is suggested while one types. */
  hints: boolean;
  /** Whether each command shows how it was handled, stage by stage. */
  explain: boolean;
  /** Whether each command says how long it took. */
  timing: boolean;
  snapshotEvery: number;
  /** How long a step of a saga may take, in milliseconds. */
  stepTimeoutMs: number;
}

/** The questions that a terminal can be asked; undefined is "never mind". */
export interface Ask {
  order(products: Catalog): Promise<{ customer: string; items: readonly OrderItem[] } | undefined>;
  confirm(question: string): Promise<boolean | undefined>;
  choose(orders: readonly Order[]): Promise<string | undefined>;
  /** A line of text; nobody sees what is typed when it is `hidden`. */
  text(question: string, options?: { readonly hidden?: boolean }): Promise<string | undefined>;
}

/** Who sits at the terminal, if anybody, and what they can be shown and asked. */
export interface Sitting {
  /** Set by Ctrl-C: what is being played stops before its next line. */
  interrupted: boolean;
  /** There when a person can be asked. */
  ask?: Ask | undefined;
  /** There where somebody is at the keyboard of a terminal. */
  person?: Person | undefined;
  /** How many lines of a paste were passed over, when that is still to be said. */
  passedOver?: number | undefined;
  /** What was typed, newest first; there where somebody types. */
  history?: Pick<History, 'lines' | 'add' | 'clear'> | undefined;
  /** Stops what goes on coming, while there is something. */
  stop?: (() => void) | undefined;
  /** Shows pictures that change while one looks; there where a screen may be drawn over. */
  pictures?: ShowPictures | undefined;
  /** What was learned of the lessons; kept where somebody sits. */
  learned?: Progress | undefined;
  /** Whether it is over after one command. */
  readonly isOneCommand?: boolean;
  /** What bounds the lines that run here; there where they are somebody else's. */
  bounds?: Bounds | undefined;
  /** Opens a shop in which a transcript is played; there where lines are played. */
  transcribe?: OpenTranscriber | undefined;
  /** Shows how far something long has come, from 0 to 1; there where somebody watches. */
  progress?: ((share: number) => void) | undefined;
  /** The standard input, where no lines come from it. */
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
  /** Says something besides the results; there where nobody can be shown how far something has come. */
  remark?: ((text: string) => void) | undefined;
}

/** Opens a shop in memory, as it is for who plays a script with --echo. */
export type OpenTranscriber = (name: string, own: Session) => Promise<Transcriber>;

export interface Transcriber {
  /** Plays one command, in rows where it goes on. Resolves to what it printed, a line each. */
  play(rows: readonly string[]): Promise<readonly string[]>;
  /** Whether the session has ended. */
  readonly hasEnded: boolean;
  close(): Promise<void>;
}

/** What lines may reach that a learner has handed in. */
export interface Bounds {
  /** Opens a file for `run`. */
  readonly openScript: typeof openScript;
  /** How many orders `generate` may still make. */
  ordersLeft: number;
}

/** A shop that waits while an exercise or a fork is at hand. */
interface ShopAside {
  readonly shop: Pick<Session, 'service' | 'currentOrder' | 'lastPlaced' | 'ran' | 'exercise' | 'forkedAt'>;
  readonly settings: Pick<Settings, 'explain' | 'snapshotEvery' | 'stepTimeoutMs'>;
  /** How far its clock has moved on. */
  readonly passedMs: number;
}

/** What a session is opened with, besides its settings and its clock. */
export interface SessionOptions {
  readonly sitting?: Sitting;
  /** The stores that outlive the process; none for the shop of a lesson. */
  readonly stores?: Stores | undefined;
  /** Where the shop is kept; otherwise it is in memory. */
  readonly address?: string | undefined;
  /** Called when a kept log begins to be read; what it returns hears what share was read, 1 in the end. */
  readonly reading?: (store: ShopStore) => (share: number) => void;
}

/** From so many events on, copying a log takes long enough to show how far it is. */
const LONG = 10_000;

export class Session {
  service!: OrderService;
  /** The order that a command means when it names none: the one last placed, or chosen with `use`. */
  currentOrder: string | undefined;
  /** What `$last` stands for. */
  lastPlaced: string | undefined;
  /**
   * How often each command ran in this shop: the lines typed here, those of scripts among them, that were
   * accepted, or refused as a `!` line asked for.
   */
  ran = new Map<string, number>();
  /** The line that would have said what a person was asked, while a command runs. */
  asked: string | undefined;
  /** Set when the session is to end: with this status, or with the one it has come to. */
  exit: { readonly status: number | undefined } | undefined;
  readonly settings: Settings;
  readonly clock: ShellClock;
  /** Who is there: the same for the shop of a lesson as for the person's own. */
  readonly sitting: Sitting;
  /** Whether it is the shop of a lesson that is played: nothing there is the person's own. */
  isLesson = false;

  /** What was typed, as a script. */
  readonly recorder = new Recorder();
  /** What it began with. */
  begun: { readonly events: number; readonly settings: Settings; readonly store: string | undefined };

  readonly stores: Stores | undefined;
  readonly #options: SessionOptions;
  /** Where the person's own shop is kept. */
  #store: ShopStore | undefined;
  #looking: Promise<unknown> | undefined;

  private constructor(settings: Settings, clock: ShellClock, options: SessionOptions) {
    this.settings = settings;
    this.clock = clock;
    this.sitting = options.sitting ?? { interrupted: false };
    this.stores = options.stores;
    this.#options = options;
    this.begun = { events: 0, settings: { ...settings }, store: undefined };
  }

  /** Opens a session over an empty shop, or over one that is kept. Rejects with IO when that cannot be opened. */
  static async open(settings: Settings, clock: ShellClock, options: SessionOptions = {}): Promise<Session> {
    const session = new Session(settings, clock, options);
    session.#store = await session.#openKept();
    session.service = await session.#openKeptShop(session.#store);
    session.begun = { ...session.begun, events: session.service.position(), store: session.#store?.name };
    return session;
  }

  /** The store of the shop at hand when it is kept; undefined when it is in memory. */
  get kept(): ShopStore | undefined {
    return this.isElsewhere ? undefined : this.#store;
  }

  /**
   * Takes in what others have written to a kept shop. Resolves to what there is to say of it, a sentence each.
   */
  async look(): Promise<readonly string[]> {
    // Somebody may have stopped waiting for the last look, which goes on all the same.
    await this.#looking;
    const looking = this.#lookNow();
    this.#looking = looking.catch(() => {});
    return looking;
  }

  async #lookNow(): Promise<readonly string[]> {
    const { kept } = this;
    if (!kept) return [];
    try {
      await kept.look();
      return kept.settled().map(({ aggregateId, isRecorded }) => {
        const became = isRecorded ? 'was recorded after all' : 'was not recorded';
        return `it is known now: what was to be written to ${aggregateId} ${became}`;
      });
    } catch (error) {
      if (!(error instanceof LogReplacedError)) throw error;
      await this.#openAgain(kept);
      return [`${kept.name} was reset by somebody: this is the new shop`];
    }
  }

  /** Whether the shop at hand is another one than the person's own: that of an exercise, or a fork. */
  get isElsewhere(): boolean {
    return this.#aside.length > 0;
  }

  /** Ends it: what waits to be written is, and a database is left. */
  async close(): Promise<void> {
    this.recorder.end();
    this.service.close();
    await this.#store?.close();
  }

  async #openKept(): Promise<ShopStore | undefined> {
    const { stores, address } = this.#options;
    if (!stores || address === undefined) return undefined;
    return stores.open(address, this.clock.startMs === undefined ? {} : { now: this.clock.now });
  }

  // The new log first: where it cannot be opened now, all is as before, and may be tried again.
  async #openAgain(old: ShopStore): Promise<void> {
    const oldService = this.service;
    const store = await this.#openKept();
    try {
      await this.#startAnew(store);
    } catch (error) {
      await store?.close();
      throw error;
    }
    this.#store = store;
    oldService.close();
    await old.close();
  }

  /** The step of a saga that was told never to answer: nobody waits for it, its time is over at once. */
  hang: SagaStep | undefined;
  #step: SagaStep | undefined;

  /** The exercise that is open, in a shop of its own. */
  exercise: OpenExercise | undefined;
  /** The exercise solved last, until another is begun. */
  solved: OpenExercise | undefined;
  /** Where the shop at hand was forked off another, by a position of that log; undefined when it is no fork. */
  forkedAt: number | undefined;
  /** The person's own shop, and a fork of it in which an exercise was opened. */
  readonly #aside: ShopAside[] = [];

  /** Opens an empty shop for an exercise, in the place of the one before or of the shop at hand. */
  async openExercise(exercise: OpenExercise, prepare: (session: Session) => void): Promise<void> {
    if (this.exercise) this.goBack();
    this.#putAside();
    await this.#startAnew();
    prepare(this);
    this.exercise = exercise;
  }

  /**
   * Opens a shop in memory that begins with the log of the one at hand up to a position, and with the snapshots
   * that stand on it. All as before where that cannot be.
   */
  async openFork(position: number): Promise<void> {
    const { service, currentOrder, lastPlaced, sitting } = this;
    const snapshots = await service.snapshots.all();
    const store = new InMemoryEventStore<LoggedEvent>({ now: this.clock.now });
    const progress = position < LONG ? undefined : sitting.progress;
    // Copying is one half of it, reading the copy the other.
    const halfDone = (half: 0 | 1) => (at: number) => progress?.((half + at / position) / 2);
    await copyLog(service.stored, store, position, halfDone(0));
    const fork = await this.#openShop({ store, onRead: halfDone(1) });
    progress?.(1);
    for (const { aggregateId, state, version, eventId, schemaVersion } of snapshots) {
      const [stood] = await store.getEventsAfterVersion(aggregateId, version - 1);
      if (stood) fork.snapshots.saveSnapshot(aggregateId, state, version, { eventId, schemaVersion });
    }
    const ifThere = async (orderId: string | undefined) =>
      orderId !== undefined && (await fork.hasOrder(orderId)) ? orderId : undefined;
    const there = { currentOrder: await ifThere(currentOrder), lastPlaced: await ifThere(lastPlaced) };
    this.#putAside();
    Object.assign(this, there);
    this.service = fork;
    this.ran = new Map();
    this.forkedAt = position;
  }

  #putAside(): void {
    const { service, currentOrder, lastPlaced, ran, exercise, forkedAt } = this;
    const { explain, snapshotEvery, stepTimeoutMs } = this.settings;
    this.#aside.push({
      shop: { service, currentOrder, lastPlaced, ran, exercise, forkedAt },
      settings: { explain, snapshotEvery, stepTimeoutMs },
      passedMs: this.clock.passedMs,
    });
    this.forkedAt = undefined;
  }

  /** Back to the shop that was put aside last, as it was: the one at hand is gone. */
  goBack(): void {
    const aside = this.#aside.pop();
    if (!aside) return;
    this.service.close();
    Object.assign(this, aside.shop);
    Object.assign(this.settings, aside.settings);
    this.clock.passedMs = aside.passedMs;
  }

  /** What was learned here, and before where it is kept. */
  get learned(): Progress {
    return (this.sitting.learned ??= new Progress());
  }

  /** Throws the shop away and opens an empty one; rejects with IO where a kept one may not be thrown away. */
  async reset(): Promise<void> {
    const { kept } = this;
    await kept?.reset();
    this.service.close();
    await this.#startAnew(kept);
  }

  async #startAnew(store?: ShopStore): Promise<void> {
    this.service = await this.#openKeptShop(store);
    this.currentOrder = undefined;
    this.lastPlaced = undefined;
    this.ran = new Map();
  }

  /** Changes how often a snapshot is taken, from now on. */
  setSnapshotEvery(every: number): void {
    this.settings.snapshotEvery = every;
    this.service.snapshots.every = every;
  }

  /** Changes how long a step of a saga may take, from now on. */
  setStepTimeout(ms: number): void {
    this.settings.stepTimeoutMs = ms;
    this.service.saga.stepTimeoutMs = ms;
  }

  placed(orderId: string): void {
    this.currentOrder = orderId;
    this.lastPlaced = orderId;
  }

  /** The order at hand, as the read model has it. */
  current(): Order | undefined {
    return this.currentOrder === undefined ? undefined : this.service.orders.getOrder(this.currentOrder);
  }

  // Without a store, an empty one in memory.
  async #openKeptShop(store: ShopStore | undefined): Promise<OrderService> {
    const read = store && this.#options.reading?.(store);
    const service = await this.#openShop({
      ...(store && { store, shelf: store.snapshots }),
      ...(read && { onRead: (position) => read(position / Math.max(1, position, store.position)) }),
    });
    read?.(1);
    return service;
  }

  #openShop(over: Pick<OrderServiceOptions, 'store' | 'shelf' | 'onRead'>): Promise<OrderService> {
    return openOrderService({
      now: this.clock.now,
      ...over,
      snapshotEvery: this.settings.snapshotEvery,
      stepTimeoutMs: this.settings.stepTimeoutMs,
      beforeStep: (step) => {
        this.clock.tick();
        this.#step = step;
      },
      wait: (ms) => this.#wait(ms),
    });
  }

  // The simulated world answers at once or, told to hang, never: only then does a step's time run out, and
  // the clock with it.
  #wait(ms: number): Promise<void> {
    if (this.hang === undefined || this.hang !== this.#step) return new Promise(() => {});
    this.hang = undefined;
    this.clock.passedMs += ms;
    return Promise.resolve();
  }
}
