// One family of errors, each with a stable code that scripts may rely on. A Refusal is an expected answer and
// travels as a value; an OrderlabError is thrown, by the store and for bugs.

export type ErrorCode =
  | 'VALIDATION'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'RULE_VIOLATION'
  | 'CONCURRENCY'
  | 'EXPECTATION'
  | 'SAGA_FAILED'
  | 'USAGE'
  | 'IO'
  | 'INTERNAL';

/** The business rules that can be violated, by the names that scripts see. */
export type RuleName =
  | 'items-need-an-open-order'
  | 'payment-needs-an-open-order'
  | 'already-paid'
  | 'amount-must-equal-balance'
  | 'ship-requires-payment'
  | 'already-shipped'
  | 'cancel-before-shipping'
  | 'already-cancelled'
  | 'saga-needs-a-pending-order';

interface RefusalDetails {
  readonly rule?: RuleName | undefined;
  readonly hint?: string | undefined;
  readonly expectedVersion?: number | string | undefined;
  readonly actualVersion?: number | undefined;
}

/** The answer "no": why, in words for a person (`message`), and for a program (`code`, `rule`). */
export class Refusal {
  readonly code: ErrorCode;
  readonly rule?: RuleName;
  readonly message: string;
  readonly hint?: string;
  readonly expectedVersion?: number | string;
  readonly actualVersion?: number;

  constructor(code: ErrorCode, message: string, details: RefusalDetails = {}) {
    this.code = code;
    if (details.rule !== undefined) this.rule = details.rule;
    this.message = message;
    if (details.hint !== undefined) this.hint = details.hint;
    if (details.expectedVersion !== undefined) this.expectedVersion = details.expectedVersion;
    if (details.actualVersion !== undefined) this.actualVersion = details.actualVersion;
  }

  /** The same refusal with what to type next. */
  withHint(hint: string): Refusal {
    const { code, rule, message, expectedVersion, actualVersion } = this;
    return new Refusal(code, message, { rule, hint, expectedVersion, actualVersion });
  }
}

/** What is thrown: by the store when a promise cannot be kept, and when something is a bug. */
export class OrderlabError extends Error {
  readonly code: ErrorCode;
  /** What a person may type next. */
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, hint?: string) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
  }
}
