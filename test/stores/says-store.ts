// A program for tests: opens a store, appends, and says what it is, or why it cannot be had.
import { OrderlabError } from '../../src/errors.ts';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { openSqliteStore } from '../../src/stores/sqlite-store.ts';
import { created } from '../given.ts';

const [file = ''] = process.argv.slice(2);
try {
  const store = await openSqliteStore<DomainEvent>(file);
  const metadata = { correlationId: 'cmd-1', causationId: 'cmd-1' };
  await store.append('order-1', [{ ...created, metadata }], 'any');
  console.log(JSON.stringify(await store.info()));
  await store.close();
} catch (error) {
  const { code, message, hint } = error as OrderlabError;
  console.log(JSON.stringify({ code, message, hint }));
}
