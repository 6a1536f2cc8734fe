export const rules = `
# lesson: rules
# about: a command is a wish: accepted with events, or refused
# All rules live in one pure function: decide(command, state).
place alice keyboard
# explain shows it at work: the state is loaded, the rules are asked in turn.
explain on
! ship
pay
! pay
ship
# What was shipped can no longer be cancelled, or get more items.
! cancel
! add-item mouse
explain off
# A refusal records nothing: the stream holds only what was accepted.
events
# A paid order may still grow. It is pending again, with a balance due.
place bob lamp
pay
add-item cable:2
! ship
pay
ship
# exercise: Ship an order that was paid in two payments. How? Think of what
# may be added after the first one.
# hint: A paid order may still grow. What does it owe then?
# hint: After the first pay, add-item makes it pending again, and pay charges
# the rest.
# solution: place alice keyboard
# solution: pay
# solution: add-item cable
# solution: pay
# solution: ship
# an order that was shipped after two payments
expect any order status=shipped PaymentProcessed=2
`;
