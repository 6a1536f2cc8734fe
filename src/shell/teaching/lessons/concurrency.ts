export const concurrency = `
# lesson: concurrency
# about: two writers, one stream: who has to think again?
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
`;
