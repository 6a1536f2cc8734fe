// What the package gives to a program: the event-sourced core, without the shell. Importing it runs nothing.
export { openOrderService } from './order-service.ts';
export type {
  Explanation,
  LoggedEvent,
  NewOrder,
  OrderService,
  OrderServiceOptions,
  ProjectionStatus,
  RebuildReport,
} from './order-service.ts';

export { ConcurrencyError, InMemoryEventStore } from './events/event-store.ts';
export type { Clock, EventStore, ExpectedVersion, Listener, NewEvent } from './events/event-store.ts';
export { isOrderEvent, ORDER_EVENTS } from './events/event-types.ts';
export type {
  BaseDomainEvent,
  DomainEvent,
  EventMetadata,
  ItemAdded,
  OrderCancelled,
  OrderCreated,
  OrderItem,
  OrderShipped,
  PaymentProcessed,
} from './events/event-types.ts';

export { decide, evolve, initialState } from './order.ts';
export type { NewOrderEvent, Order, OrderState, OrderStatus } from './order.ts';
export { ORDER_STATUSES } from './order-state.ts';
export { CommandHandler, RuleViolation } from './commands/command-handler.ts';
export type {
  Accepted,
  AddItem,
  CancelOrder,
  HandleOptions,
  OrderCommand,
  PlaceOrder,
  ProcessPayment,
  Refused,
  ShipOrder,
} from './commands/command-handler.ts';
export { race } from './commands/race.ts';

export type { Finding, Projection } from './projections/projection.ts';
export { READ_MODELS } from './projections/read-models.ts';
export type { ReadModels } from './projections/read-models.ts';
export { OrderProjection } from './projections/order-projection.ts';
export { AnalyticsProjection } from './projections/analytics-projection.ts';
export type { Analytics } from './projections/analytics-projection.ts';
export { CustomersProjection } from './projections/customers-projection.ts';
export type { Customer } from './projections/customers-projection.ts';
export { Subscription } from './projections/subscription.ts';
export type { ProjectionFault } from './projections/subscription.ts';

export { SnapshotManager } from './snapshots/snapshot-manager.ts';
export type { LoadedState, Projector, Snapshot } from './snapshots/snapshot-manager.ts';

export { OrderSaga } from './saga/order-saga.ts';
export type { CrashPoint, SagaRunOptions, Wait } from './saga/order-saga.ts';
export { SAGA_EVENTS, SAGA_STEPS } from './saga/saga-events.ts';
export type { SagaEvent, SagaStep, StepResult } from './saga/saga-events.ts';
export type { SagaState, SagaStatus } from './saga/saga-state.ts';
export { createSagaSteps } from './saga/saga-steps.ts';
export type { OrderPort, SagaStepDefinition, SagaSteps, StepContext } from './saga/saga-steps.ts';
export { SimulatedServices } from './saga/simulated-services.ts';

export { catalog } from './catalog.ts';
export type { Catalog, Product } from './catalog.ts';
export { OrderlabError, Refusal } from './errors.ts';
export type { ErrorCode, RuleName } from './errors.ts';
export { sequentialIds } from './ids.ts';
export type { IdKind, NewId } from './ids.ts';
export { formatMoney, parseMoney } from './money.ts';
export type { Cents, Sum } from './money.ts';
export type { Check } from './verify.ts';
