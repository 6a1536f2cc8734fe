export const crashAndResume = () => `
# lesson: crash-and-resume
# about: a saga may die anywhere: the log knows what is left
# The program dies in the middle of a saga. Who knows how far it came?
# What runs a saga is its orchestrator. All that it knows stands in the
# log. This one is thrown away after the payment was recorded.
saga --crash-after=payment
sagas
# Its stream says how far it came. Another orchestrator goes on from
# there.
events saga-1
saga resume
# Thrown away after the money moved, but before that was recorded: nobody
# knows whether it did.
saga --crash-after=payment:started
events saga-2
# The step has a key, saga-2:payment. It makes it safe to ask again: the
# same key, the same payment.
saga resume
# Charged once.
events order-2
# A saga that failed can be resumed as well, when a person has seen to the
# cause: only what could not be undone is tried again.
! saga --fail=shipping --fail-compensation=inventory
saga resume
# verify knows whether every saga that says so has undone all that it did.
verify
# exercise: Let a saga die after its inventory step, cancel its order by
# hand meanwhile, and resume it. What does it do now?
# hint: saga --crash-after=inventory, then cancel: it means the order of
# the saga.
# hint: saga resume goes on where the log ends. What do the rules say to
# shipping now?
# solution: saga --crash-after=inventory
# solution: cancel
# solution: saga resume
# two steps, then the crash; resumed, it may not ship, and undoes the two
# steps
expect any saga failedStep=shipping events=SagaStarted,StepStarted,StepCompleted,StepStarted,StepCompleted,SagaResumed,StepStarted,StepFailed,CompensationStarted,CompensationCompleted,CompensationStarted,CompensationCompleted,SagaEnded
# exercise: Let a compensation fail, so that its saga fails and needs a
# person. Be that person: let the saga undo what is left.
# hint: saga --fail=shipping fails at a step. Which option lets the
# undoing of an earlier step fail as well?
# hint: saga --fail=shipping --fail-compensation=inventory, then saga
# resume.
# solution: ! saga --fail=shipping --fail-compensation=inventory
# solution: saga resume
# a saga whose compensation failed was resumed, and has undone all that it
# did
expect any saga CompensationFailed>=1 resumed>=1 status=compensated
`;
