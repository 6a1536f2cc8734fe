// The lessons that come with the program, in the order in which they build on each other.
import { parseLesson, type Lesson } from './lesson.ts';

const theLog = parseLesson(
  'the-log',
  'what happened is recorded, in order, and never changed',
  `
# The store holds what happened, as events. Each command that is accepted
# appends events to the stream of its order.
place alice keyboard cable:2
add-item mouse
pay
# The stream: versions 1, 2, 3. There is no row that was updated.
events
# A second order has a stream of its own, with versions of its own.
place bob monitor
# All streams together are the log. Its positions order everything.
log
# One event in full: what happened, when, in which conversation, and why.
event order-1@3
# The state of an order is computed from its events: that is a fold.
order order-1
# exercise: Place an order of two lamps for carol, add one item of your
# choice, and pay for it all: three events in its stream.
expect order-1 customerId=carol status=paid version=3
`,
);

const rules = parseLesson(
  'rules',
  'a command is a wish: accepted with events, or refused',
  `
# All rules live in one pure function: decide(command, state).
place alice keyboard
# explain shows it at work: the state is loaded, the rules are asked in turn.
explain on
! ship
pay
! pay
ship
# What was shipped can no longer be cancelled, or get more items.
! cancel
! add-item mouse
explain off
# A refusal records nothing: the stream holds only what was accepted.
events
# A paid order may still grow. It is pending again, with a balance due.
place bob lamp
pay
add-item cable:2
! ship
pay
ship
# exercise: Ship an order that was paid in two payments. How? Think of what
# may be added after the first one.
expect order-1 status=shipped balanceDue=0
expect order-1 PaymentProcessed=2
`,
);

const concurrency = parseLesson(
  'concurrency',
  'two writers, one stream: who has to think again?',
  `
place alice keyboard
# Two people act on order-1 at once: one pays, one cancels. Both load version
# 1. The slower one finds version 2, reloads, and decides again.
race pay cancel
# It cancelled a paid order, so it refunded: the right answer, had they come
# one after the other. Its first decision, to refund nothing, was thrown away.
events order-1
# Without a retry the conflict is left to the caller.
place bob mouse
race pay cancel --no-retry
# With --expect any nobody checks the version, and an update is lost: the
# cancellation refunds nothing, although the payment stands.
place carol lamp
race pay cancel --expect any
# verify finds such an event: no rule would have allowed it.
! verify
# You can be that slower writer: say what you believe, and be told.
place dave cable
add-item mouse
!CONCURRENCY pay --expect 1
pay --expect 2
# exercise: Let a race end with a shipped order: order-1 must be placed and
# paid by you, and a race of ship and cancel must leave it shipped.
expect order-1 status=shipped version=3
`,
);

const readModels = parseLesson(
  'read-models',
  'what you read can lag, be fed twice, be thrown away',
  `
place alice keyboard
place bob mouse
pay
# Two projections fold the same events: the orders, and the analytics.
orders
analytics
# Hold them, and go on writing: commands read the log, not the read models.
projections pause
pay order-1
ship order-1
# But readers see the past: this is eventual consistency, by hand.
order order-1
analytics
projections step
order order-1
projections resume
order order-1
# The same event twice counts once: a projection knows what it has seen.
redeliver order-1@2
# And it can be thrown away. Only the log matters.
rebuild
# exercise: Make the analytics lie: leave the projections at least two events
# behind, while the log holds a paid order.
expect projections behind>=2
expect log PaymentProcessed>=1
`,
);

const timeTravel = parseLesson(
  'time-travel',
  'every state there ever was can be had back',
  `
place alice keyboard cable:2
add-item mouse
pay
add-item lamp
pay
ship
# Each event beside the state that it made.
timeline
# The order as it was at version 2. The past is read-only.
order --at 2
# What changed between two versions.
diff 2 4
# All orders, and all numbers, as they were at a position of the log.
orders --at 3
analytics --at 3
analytics
# exercise: Two orders: order-1 must have been worth $64.99 at version 1, and
# be worth $84.89 now. order-2 must be cancelled.
expect order-1@1 totalAmount=64.99
expect order-1 totalAmount=84.89
expect order-2 status=cancelled
`,
);

const snapshots = parseLesson(
  'snapshots',
  'a short cut past old events, and never more than that',
  `
place alice keyboard
add-item mouse
add-item cable
# Loading replays all events of the stream.
load
# A snapshot keeps the state at a version; loading starts from there.
snapshot
load
# After five events one is taken by itself, and again after ten.
add-item lamp
add-item stand
snapshots
add-item dock
load
# A snapshot of another schema, left by an older program, is not even looked
# at: everything is replayed, and the answer is the same.
snapshot --schema 0
load
# A snapshot is a cache. verify holds each one against the log.
verify
# exercise: Bring order-1 to version 7 or later with a snapshot at version 5.
expect order-1 version>=7 snapshot=5
`,
);

const saga = parseLesson(
  'saga',
  'an errand over three services, each step with a way back',
  `
# Payment, inventory, shipping: each is asked in turn, on a sample order.
saga
# Told to fail at the last step, it undoes what was done, in reverse.
saga --fail=shipping
# The saga is a stream of its own. Intent before each effect, result after.
events saga-2
# And everything in it hangs together: what caused what.
trace saga-2
# It fails by itself when the warehouse has too little: there is one stand.
place alice stand:2
saga
# A compensation can fail, too. Then the others are still done, and a person
# is needed.
! saga --fail=inventory --fail-compensation=payment
sagas
# exercise: Sell out the laptops (there are three) with one saga, and let a
# second saga for one more laptop be compensated.
expect saga-1 status=completed
expect saga-2 status=compensated failedStep=inventory
expect catalog laptop=0
`,
);

const crashAndResume = parseLesson(
  'crash-and-resume',
  'a saga may die anywhere: the log knows what is left',
  `
# The orchestrator is thrown away after the payment was recorded.
saga --crash-after=payment
sagas
# Its stream says how far it came. Another one goes on from there.
events saga-1
saga resume
# Thrown away after the money moved, but before that was recorded: nobody
# knows whether it did. The key saga-2:payment makes it safe to ask again.
saga --crash-after=payment:started
events saga-2
saga resume
# Charged once.
trace saga-2
# A saga that failed is a saga to resume as well: only what failed is tried.
! saga --fail=shipping --fail-compensation=inventory
saga resume
verify
# exercise: Let a saga die after its inventory step, cancel its order by hand
# meanwhile, and resume it. What does it do now?
expect saga-1 status=compensated failedStep=shipping
expect order-1 status=cancelled
`,
);

export const LESSONS: readonly Lesson[] = [
  theLog,
  rules,
  concurrency,
  readModels,
  timeTravel,
  snapshots,
  saga,
  crashAndResume,
];
