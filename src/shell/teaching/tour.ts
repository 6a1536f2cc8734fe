// The tour that `demo` plays: a script like any other, its comments the narration. Each label names the part
// at work.

export const tourText = () => `
# [CommandHandler] [EventStore] An order of two items. A command is
# checked, then recorded as an event, which never changes.
place alice keyboard mouse
# [EventStore] A third item: a second event in the same stream, at version
# 2.
add-item cable
# [Decider] Shipping comes after payment. A refusal records nothing; the
# leading ! says that it is expected.
! ship
# [CommandHandler] Payment: whatever is due.
pay
# [EventStore] Somebody who still believes in version 2 comes too late:
# the stream has moved on. That is a conflict.
!CONCURRENCY add-item lamp --expect 2
# [Snapshot] The state, saved at its version.
snapshot
# [CommandHandler] Shipping, now that the balance is zero.
ship
# [Decider] What was shipped can no longer be cancelled,
! cancel
# [Decider] and takes no more items.
! add-item lamp
# [EventStore] The stream of the order: what happened, and what caused it.
events
# [Snapshot] Loaded from the snapshot and the newer events, and held
# against a replay of all.
load
# [Projection] The read model: the same events, folded into what a
# customer sees.
order
# [Projection] Each event beside the state that it made.
timeline
# [Analytics] All orders as numbers, updated with each event.
analytics
# [Projection] The payment, delivered a second time: it counts once.
redeliver order-1@3
# [Saga] Payment, inventory, shipping, on a sample order: all goes well.
saga
# [Saga] Told to fail at the shipping: the two steps that were done are
# undone, in reverse. The money goes back.
saga --fail=shipping
# [EventStore] Nothing was erased: the order was paid, and then cancelled.
events
# [Decider] What is cancelled takes no payment. That was the last of four
# rules.
! pay
# [Saga] Undoing may fail as well. Then the saga has failed: a person is
# needed.
! saga --fail=shipping --fail-compensation=inventory
# [Saga] The person has seen to it. The saga goes on where its stream
# ends, and undoes what is left.
saga resume
# [Analytics] The cancelled orders count as lost, their payments as
# refunded.
analytics
# [Projection] Projections can be thrown away: the log brings them back as
# they were.
rebuild
# [Verify] Every promise of the log, checked.
verify
# That was the tour, in a shop of its own. lessons goes deeper, part by
# part; yours starts with: place alice keyboard
`;
