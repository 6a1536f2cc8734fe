export const readModels = `
# lesson: read-models
# about: what you read can lag, be fed twice, be thrown away
place alice keyboard
place bob mouse
pay
# Two projections fold the same events: the orders, and the analytics.
orders
analytics
# Hold them, and go on writing: commands read the log, not the read models.
projections pause
pay order-1
ship order-1
# But readers see the past: this is eventual consistency, by hand.
order order-1
analytics
projections step
order order-1
projections resume
order order-1
# The same event twice counts once: a projection knows what it has seen.
redeliver order-1@2
# And it can be thrown away. Only the log matters.
rebuild
# exercise: Make the analytics lie: an order is paid in the log, the analytics
# know of no payment, and the projections are two events behind or more.
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
`;
