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
# exercise: Lose an update on purpose: an order that was paid, and cancelled
# by somebody who never saw the payment. Nothing is given back, and verify
# complains.
# hint: Two writers must load the same version, and the slower one must not be
# told. Which option of race does that?
# hint: race pay cancel --expect any, with an order that is not paid yet.
# solution: place alice keyboard
# solution: race pay cancel --expect any
# an order that was paid, and then cancelled
expect any order events=OrderCreated,PaymentProcessed,OrderCancelled
# of that payment nothing was given back, which verify finds
!EXPECTATION verify
`;
