export const timeTravel = `
# lesson: time-travel
# about: every state there ever was can be had back
place alice keyboard cable:2
add-item mouse
pay
add-item lamp
pay
ship
# Each event beside the state that it made.
timeline
# The order as it was at version 2. The past is read-only.
order --at 2
# What changed between two versions.
diff 2 4
# All orders, and all numbers, as they were at a position of the log.
orders --at 3
analytics --at 3
analytics
# exercise: Two orders: order-1 must have been worth $64.99 at version 1, and
# be worth $84.89 now. order-2 must be cancelled.
expect order-1@1 totalAmount=64.99
expect order-1 totalAmount=84.89
expect order-2 status=cancelled
`;
