// What a stored event must look like, and how older shapes become today's (upcasting): small functions, one
// step each, that run when it is read. What is stored stays as it was.
import type { BaseDomainEvent } from './event-types.ts';

/** The schemas of all events that a log may hold. */
export interface Schemas {
  /** The number of today's schema of a type; undefined for a type that nothing knows. */
  today(type: string): number | undefined;
  /** The number of the schema in which an event was written. */
  numberOf(event: Pick<BaseDomainEvent, 'type' | 'metadata'>): number;
  /** Why it is not what its schema says, or cannot become one of today's; undefined when it can. */
  whyNot(event: BaseDomainEvent): string | undefined;
  /** The event in today's shape: the same one when it is in it. */
  upcast(event: BaseDomainEvent): BaseDomainEvent;
}
