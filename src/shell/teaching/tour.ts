// The tour that `demo` plays: a script like any other, its comments the narration. Each label names the part
// at work.

export const TOUR = `
# [CommandHandler] [EventStore] An order of two items. A command is checked,
# then recorded as an event, which never changes.
place alice keyboard cable:2
# [EventStore] A third item: a second event in the same stream, at version 2.
add-item mouse
# [Decider] Shipping comes after payment. A refusal records nothing;
# the leading ! says that it is expected.
! ship
# [CommandHandler] Payment: whatever is due.
pay
# [EventStore] Somebody who still believes in version 2 comes too late:
# the stream has moved on. That is a conflict.
!CONCURRENCY add-item lamp --expect 2
# [CommandHandler] Shipping, now that the balance is zero.
ship
# [EventStore] The stream of the order: what happened, and what caused it.
events
# [Projection] The read model: the same events, folded into what a customer sees.
order
# [Projection] Each event beside the state that it made.
timeline
# [Analytics] All orders as numbers, updated with each event.
analytics
# [Snapshot] The state saved at its version: loading need not start at event 1.
snapshot
# [Snapshot] Loaded from the snapshot, and held against a full replay.
load
# [Saga] Payment, inventory, shipping, on a sample order: all goes well.
saga
# [Saga] Told to fail at the inventory: what was done is undone, in reverse.
# The money goes back.
saga --fail=inventory
# [Saga] A saga is a stream like any other: its status is a fold over it.
events saga-2
# [Analytics] The cancelled order counts as lost, and its payment as refunded.
analytics
# [Projection] Projections can be thrown away: the log brings them back as they were.
rebuild
# [Verify] Every promise of the log, checked.
verify
# That was the tour, in a shop of its own. lessons goes deeper, part by part;
# yours starts with: place alice keyboard
`;
