// The list of read models. Each is fed, watched, rebuilt, compared and verified because it stands here.
import { AnalyticsProjection } from './analytics-projection.ts';
import { CustomersProjection } from './customers-projection.ts';
import { OrderProjection } from './order-projection.ts';
import type { Projection } from './projection.ts';

export const READ_MODELS = {
  orders: OrderProjection,
  analytics: AnalyticsProjection,
  customers: CustomersProjection,
} satisfies ReadModelList;

/** Kinds of projections by their names. */
export type ReadModelList = Readonly<Record<string, new () => Projection>>;

/** One projection of each kind. */
export type ReadModels<List extends ReadModelList = typeof READ_MODELS> = {
  readonly [Name in keyof List]: InstanceType<List[Name]>;
};
