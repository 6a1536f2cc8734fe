export const theLog = `
# lesson: the-log
# about: what happened is recorded, in order, and never changed
# The store holds what happened, as events. Each command that is accepted
# appends events to the stream of its order.
place alice keyboard cable:2
add-item mouse
pay
# The stream: versions 1, 2, 3. There is no row that was updated.
events
# A second order has a stream of its own, with versions of its own.
place bob monitor
# All streams together are the log. Its positions order everything.
log
# One event in full: what happened, when, in which conversation, and why.
event order-1@3
# The state of an order is computed from its events: that is a fold.
order order-1
# exercise: Bring an order of carol's to three events, OrderCreated, ItemAdded
# and PaymentProcessed: two lamps and a mouse, all of it paid.
# hint: An item is written sku:quantity, as in place alice cable:2
# hint: Place the lamps first. add-item and pay then mean that order; you need
# not name it.
# solution: place carol lamp:2
# solution: add-item mouse
# solution: pay
# two lamps and a mouse for carol, in the three events
expect any order customerId=carol items=lamp:2,mouse:1 events=OrderCreated,ItemAdded,PaymentProcessed
`;
