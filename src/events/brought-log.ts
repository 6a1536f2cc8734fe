// A log from elsewhere that is appended to this one as it is: what its events are until they are stored, and why
// they are not.
import { OrderlabError } from '../errors.ts';
import { eventId, type BaseDomainEvent } from './event-types.ts';

/** The events of a log, in pieces; whoever has to read them again asks again. */
export type LogPieces = () => AsyncIterable<readonly BaseDomainEvent[]>;

/** Whether the one was recorded with the one before it, under the same key. */
export function isOfOneKey(before: BaseDomainEvent | undefined, next: BaseDomainEvent): boolean {
  const { key } = next.metadata;
  return key !== undefined && key === before?.metadata.key && before.aggregateId === next.aggregateId;
}

/** Another event has the id that one brings. */
export function idTaken(id: string, other?: Pick<BaseDomainEvent, 'aggregateId' | 'version'>): OrderlabError {
  const whose = other ? `the id of ${eventId(other)}` : 'the id of two events';
  return new OrderlabError('VALIDATION', `${id} is ${whose} already: nothing was recorded`);
}

/** Other events were recorded under the key that one brings. */
export function keyTaken(
  key: string,
  other?: Pick<BaseDomainEvent, 'aggregateId' | 'version'>,
): OrderlabError {
  const whose = other ? `by ${eventId(other)}` : 'by another event';
  return new OrderlabError('VALIDATION', `the key ${key} was used ${whose} already: nothing was recorded`);
}

/** The log does not end where it was to go on. */
export function logMoved(expected: number, end: number): OrderlabError {
  const message = `the log was expected to end at #${expected}, but ends at #${end}: somebody else wrote to it`;
  return new OrderlabError('CONCURRENCY', message, 'log --last 5');
}
