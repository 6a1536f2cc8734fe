export const causes = () => `
# lesson: causes
# about: each event knows its cause, and what it belongs to
# Why did this happen, and what else belongs to it? Two questions, and
# each event carries an answer to both. Its causation is the command or
# the event that directly caused it. Its correlation is the conversation
# it belongs to.
place alice keyboard
saga
# The payment belongs to the saga, like all that it does. It was caused by
# one event alone: the step that began.
event order-1@2
# The order was placed before: the same stream, and another conversation.
event order-1@1
# The step was caused by the start of the saga, and that by a command.
event saga-1@2
# trace follows the causes: one beneath the other, back to what somebody
# typed.
trace saga-1
# Others go on meanwhile. Their events stand between, and have no part in
# it.
place bob lamp
saga --fail=inventory
# After is not because: positions tell what came after what, and never
# why.
log --last 5
# Why was order-2 cancelled? Nobody typed that. The step failed, so the
# payment was undone, and that cancelled it.
trace order-2@3
# In one service a stack of calls would show it. Across services there is
# none: so each passes the correlation on unchanged, and names its own
# cause.
# exercise: order-2 was cancelled. Which event of a saga directly caused
# that? Order as many cables for dave as the version of that event says,
# and no others.
# given: place alice keyboard
# given: saga order-1
# given: place bob lamp
# given: saga order-2 --fail=inventory
# given: place carol mouse
# given: cancel order-3
# hint: events order-2 has a last column: what caused it. trace shows it
# as a tree.
# hint: It is written like saga-1@5; there the version is 5. What was
# ordered in error can be cancelled.
# solution: trace order-2
# solution: place dave cable:6
# as many cables for dave as the version of that event
expect any order customerId=dave items=cable:6 status=pending
# and no others
expect orders pending=1
`;
