// What one sitting at the shell remembers: the shop, the order at hand, and the settings. No command keeps
// state of its own.
import type { OrderItem } from '../events/event-types.ts';
import type { Catalog } from '../catalog.ts';
import type { Order } from '../order.ts';
import { openOrderService, type OrderService } from '../order-service.ts';
import type { SagaStep } from '../saga/saga-events.ts';
import type { ShellClock } from './clock.ts';
import type { Lesson } from './teaching/lesson.ts';
import type { History } from './input/history.ts';
import type { Person } from './input/person.ts';

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
  /** Shows how far something long has come, from 0 to 1; there where somebody watches. */
  progress?: ((share: number) => void) | undefined;
}

type OwnShop = Pick<Session, 'service' | 'currentOrder' | 'lastPlaced'>;

export class Session {
  service!: OrderService;
  /** The order that a command means when it names none: the one last placed, or chosen with `use`. */
  currentOrder: string | undefined;
  /** What `$last` stands for. */
  lastPlaced: string | undefined;
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

  private constructor(settings: Settings, clock: ShellClock, sitting: Sitting) {
    this.settings = settings;
    this.clock = clock;
    this.sitting = sitting;
  }

  /** Opens a session over an empty shop. */
  static async open(
    settings: Settings,
    clock: ShellClock,
    sitting: Sitting = { interrupted: false },
  ): Promise<Session> {
    const session = new Session(settings, clock, sitting);
    session.service = await session.#openShop();
    return session;
  }

  /** The step of a saga that was told never to answer: nobody waits for it, its time is over at once. */
  hang: SagaStep | undefined;
  #step: SagaStep | undefined;

  /** The lesson whose exercise is open, in a shop of its own. */
  lesson: Lesson | undefined;
  #ownShop: OwnShop | undefined;

  /** Opens an empty shop for an exercise, and puts the person's own aside. */
  async openExercise(lesson: Lesson): Promise<void> {
    const { service, currentOrder, lastPlaced } = this;
    this.#ownShop ??= { service, currentOrder, lastPlaced };
    await this.reset();
    this.lesson = lesson;
  }

  /** Back to the person's own shop, as it was. */
  closeExercise(): void {
    this.lesson = undefined;
    if (this.#ownShop) Object.assign(this, this.#ownShop);
    this.#ownShop = undefined;
    this.setSnapshotEvery(this.settings.snapshotEvery);
    this.setStepTimeout(this.settings.stepTimeoutMs);
  }

  /** Throws the shop away and opens an empty one. */
  async reset(): Promise<void> {
    this.service = await this.#openShop();
    this.currentOrder = undefined;
    this.lastPlaced = undefined;
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

  #openShop(): Promise<OrderService> {
    return openOrderService({
      now: this.clock.now,
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
    this.clock.skip(ms);
    return Promise.resolve();
  }
}
