export const noAnswer = () => `
# lesson: no-answer
# about: silence is not a no: undo what may have happened
# The carrier never answers. Has it taken the parcel or not? Somebody who
# says no has done nothing. Somebody who is silent may have done
# everything. First the carrier that says no. Two steps were done, two are
# undone.
saga --fail=shipping
# Now the carrier that is silent. After 30 seconds the saga waits no
# longer. (In a lesson the clock is moved on: you need not wait.)
saga --hang=shipping
# Three steps are undone now, shipping first: perhaps the parcel is on its
# way. So a compensation has to be safe even when there is nothing to
# undo.
events saga-2 --last 8
# Why not wait longer? Because the customer waits as well. Why not ask
# again? One may: the key of the step makes that safe. Another
# orchestrator that finds a step begun, and no answer recorded, does just
# that.
saga --crash-after=shipping:started
saga resume
# But at some time it must end, with an answer or without one. And nobody
# who waits can tell one that is dead from one that is slow.
sagas
# exercise: order-1 is there already, two docks for gina. Let a saga take
# her payment, and the warehouse never answer, so that all is undone that
# may have happened.
# given: place gina dock:2
# hint: Which option of saga lets a step give no answer?
# hint: saga order-1 --hang=inventory. An order that was paid or cancelled
# meanwhile takes no saga: reset starts over.
# solution: saga order-1 --hang=inventory
# a saga for order-1 paid, heard nothing of the warehouse, and undid both
expect any saga orderId=order-1 status=compensated failedStep=inventory steps=payment,-inventory,-payment
# the two docks of gina's were paid once, and cancelled
expect order-1 items=dock:2 status=cancelled PaymentProcessed=1
`;
