export const rules = () => `
# lesson: rules
# about: a command is a request: accepted, or refused
# Who says no, and where is it written down? In one pure function: decide
# takes the command and the state, and gives events or a refusal. Four
# rules guard an order. Here is each of them at work.
place alice keyboard
# explain shows how a command is handled: the state is loaded, then the
# rules are asked in turn.
explain on
# The first rule: no shipping before payment. The leading ! says that a
# refusal is expected.
! ship
pay
ship
# The second: no cancelling after shipping. The parcel is gone.
! cancel
# The third: no more items on an order that was shipped.
! add-item mouse
explain off
# Nor on one that was cancelled.
place bob lamp
cancel
! add-item mouse
# The fourth: no payment on a cancelled order.
! pay
# A refusal records nothing: the stream holds only what was accepted.
events order-1
# What no rule forbids is allowed. A paid order may still grow: it is
# pending again then, with a balance due.
place carol lamp
pay
add-item cable:2
! ship
# What would come of it? --dry-run asks decide, and appends nothing.
pay --dry-run
pay
ship
# exercise: Ship an order that was paid in two payments. How? Think of
# what may be added after the first one.
# hint: A paid order may still grow. What does it owe then?
# hint: After the first pay, add-item makes it pending again, and pay
# charges the rest.
# solution: place alice keyboard
# solution: pay
# solution: add-item cable
# solution: pay
# solution: ship
# an order that was shipped after two payments
expect any order status=shipped PaymentProcessed=2
# exercise: order-1 is there already, and not paid. Bring it to where
# every rule says no: it takes no items, no payment, no shipping, no
# cancelling.
# given: place dave dock
# hint: Of the four states of an order (pending, paid, shipped,
# cancelled), two are the end of it.
# hint: pay and ship it, or cancel it.
# solution: cancel order-1
# order-1 takes no more items
!RULE_VIOLATION add-item order-1 mouse
# order-1 takes no payment
!RULE_VIOLATION pay order-1
# order-1 cannot be shipped
!RULE_VIOLATION ship order-1
# order-1 cannot be cancelled
!RULE_VIOLATION cancel order-1
`;
