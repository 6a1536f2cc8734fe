import { InMemoryEventStore } from '../../src/events/event-store.ts';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { describeStore } from './store-contract.ts';

describeStore('a store in memory', async (now) => ({
  store: new InMemoryEventStore<DomainEvent>({ now }),
  end: async () => {},
}));
