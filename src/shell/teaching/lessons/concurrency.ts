export const concurrency = () => `
# lesson: concurrency
# about: of two writers, the slower one has to decide again
## Two at once: who wins?
# Two people act on one order at the same moment. Who wins, and what
# becomes of the other one?
place alice keyboard
# One pays, one cancels. Both load version 1: that is what they expect to
# find when they append, their expected version. The slower one finds
# version 2. That is a conflict: it loads again, and decides again.
race pay cancel
# Why must a retry decide again, and not just append again? Its first
# decision was to refund nothing, since nothing had been paid. The second
# one refunds.
events order-1
# Deciding again may even end in a refusal. Here the order grows while
# somebody ships it: it is no longer paid in full.
place bob mouse
pay
race 'add-item cable' ship
# Without a retry the conflict is left to the caller.
place carol lamp
race pay cancel --no-retry
# You can be that slower writer: say which version you believe in, and be
# told.
place dave cable
add-item mouse
!CONCURRENCY pay --expect 1
pay --expect 2
## Why not a lock?
# A lock would keep all others from the order while one person thinks.
# They wait, whether they would collide or not; and when its holder
# crashes, nobody knows how long to wait. A version is compared, and
# nothing is held: only those who do collide work twice. And with neither?
# --expect any appends without looking, and an update is lost.
place erin lamp
race pay cancel --expect any
# The cancellation never saw the payment: it refunds nothing.
events
# verify finds such an event: no rule would have allowed it.
! verify
# Where very many write to one stream at once, most of them decide again
# and again. Then a stream is too large: cut it, as each order here has
# its own.
# exercise: Lose an update on purpose: an order that was paid, and
# cancelled by somebody who never saw the payment. Nothing is given back,
# and verify complains.
# hint: Two writers must load the same version, and the slower one must
# not be told. Which option of race does that?
# hint: race pay cancel --expect any, with an order that is not paid yet.
# solution: place alice keyboard
# solution: race pay cancel --expect any
# two writers raced
expect commands race>=1
# an order that was paid, and then cancelled
expect any order events=OrderCreated,PaymentProcessed,OrderCancelled
# of that payment nothing was given back, which verify finds
!EXPECTATION verify
`;
