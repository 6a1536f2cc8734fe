export const readModels = () => `
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
# What if a projection fails at an event? Break one on purpose: from now
# on the analytics can take no event.
projections break analytics
place carol lamp
pay
# They stopped before the first, and wait there. The others go on, and so
# does whoever writes: the event is in the log, whatever a reader makes of
# it. No answer is given rather than a wrong one.
projections
! analytics
# Trying again helps when the program is mended, not before.
projections mend
projections retry
analytics
# What can never be taken is passed over with skip. That leaves a hole: the
# shipment below is missing among the shipped, and the list says so.
projections break analytics
ship order-3
projections skip
projections mend
projections
analytics
# A rebuild by the mended program fills it.
rebuild
analytics
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
# exercise: The analytics were broken, and stopped before a payment. Get
# them going again, so that they count it: nothing may be skipped, nothing
# more recorded.
# given: place alice keyboard
# given: projections break analytics
# given: pay order-1
# hint: projections says what stopped, and before which event.
# hint: First projections mend. Then projections retry gives them the event
# again. If you have skipped it, or recorded something, reset starts over.
# solution: projections mend
# solution: projections retry
# no projection has stopped
expect projections stopped=0
# no event was skipped
expect projections skipped=0
# they are at the end of the log
expect projections behind=0
# the analytics know of the payment
expect analytics paidOrders=1
# nothing more was recorded than the two events
expect log events=2
`;
