export const readModels = `
# lesson: read-models
# about: what you read can lag, stop, and be thrown away
# Why is what one reads not what one writes? The log says what happened to
# one order. Which orders are paid, and how much was earned, it says
# slowly. So a projection folds the events into an answer that is kept
# ready: a read model.
place alice keyboard
place bob mouse
pay
# Two read models, from the same events: the orders, and the analytics.
orders
analytics
# Hold the projections, and go on writing: commands read the log, never a
# read model.
projections pause
pay order-1
ship order-1
# But readers see the past. They will catch up, only later: that is
# eventual consistency.
order order-1
analytics
projections step
order order-1
projections resume
order order-1
# Why would one rebuild? A projection had a fault that is mended now, or
# counts something new, or its table was lost. It is thrown away, and the
# log is folded again. The log is the truth; read models are made from it.
rebuild
# A projection that fails at an event stops there, and the others go on.
# This list would say at which position, and why.
projections
# When the program is mended, retry gives it that event again. When it
# cannot be, skip passes over it, and the list says so ever after. Here
# none stopped.
! projections retry
# exercise: Make the analytics lie: an order is paid in the log, the
# analytics know of no payment, and the projections are two events behind
# or more.
# hint: Readers see the past while the projections are held.
# hint: First projections pause, then place and pay. If the analytics have
# heard of a payment already, reset starts over.
# solution: projections pause
# solution: place alice keyboard
# solution: pay
# an order is paid, in the log
expect any order status=paid
# the projections are two events behind, or more
expect projections behind>=2
# the analytics know of no payment
expect analytics paidOrders=0
# exercise: Somebody held the projections and went home. order-1 is paid,
# and the analytics have heard nothing. Bring them to the end of the log,
# without recording anything more.
# given: projections pause
# given: place alice keyboard
# given: pay order-1
# hint: projections says how far behind they are.
# hint: projections step feeds them one event, projections resume all of
# them. If you recorded something, reset starts over.
# solution: projections resume
# the projections are at the end of the log
expect projections behind=0
# the analytics know of the payment
expect analytics paidOrders=1
# nothing more was recorded than the two events
expect log events=2
`;
