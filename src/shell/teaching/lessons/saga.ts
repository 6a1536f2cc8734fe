export const saga = () => `
# lesson: saga
# about: an errand over three services, each with a way back
# Why not one transaction for all of it? The bank, the warehouse and the
# carrier are three services with three databases. None lets another one
# lock its rows while a third thinks; and a parcel cannot be rolled back.
# So a saga goes step by step: payment, inventory, shipping. Each is final
# when it is done, and each has a way back. Here on a sample order.
saga
# Told to fail at the last step, it undoes what was done, in reverse: each
# undoing is a compensation.
saga --fail=shipping
# That is no rollback. The money was gone for a while, and others could
# see it; then it came back. Both are recorded.
events order-2
# The saga is a stream of its own: what it means to do, before it does it,
# and what came of it.
events saga-2
# It fails by itself when the warehouse has too little: there is one
# stand.
place alice stand:2
saga
# A compensation can fail, too. It is tried three times, then the others
# are still done, and the saga has failed: a person is needed.
! saga --fail=inventory --fail-compensation=payment
sagas
# exercise: Sell all three laptops in one order, by a saga. Then let a
# saga for an order of one more laptop find out that there is none.
# hint: place alice laptop:3 makes the order, saga runs on it.
# hint: Do the same with one laptop. No --fail is needed: the warehouse is
# empty. If the laptops went another way, reset starts over.
# solution: place alice laptop:3
# solution: saga
# solution: place bob laptop
# solution: saga
# an order of three laptops was shipped
expect any order items=laptop:3 status=shipped
# by a saga, with all of its steps
expect any saga status=completed steps=payment,inventory,shipping
# none is left
expect catalog laptop=0
# a saga found none, and gave the money back
expect any saga status=compensated failedStep=inventory steps=payment,-payment
# for an order of one more laptop
expect any order items=laptop:1 status=cancelled
`;
