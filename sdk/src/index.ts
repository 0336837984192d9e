export { Countersign } from './client';
export type { CallOptions, Check, CheckOptions, CountersignOptions, Report, WaitOptions, Words } from './client';
export type { Guarded, GuardedCall, GuardOptions, Permit } from './guard';
export { outcomeOfError } from './outcome';
export {
  AlreadyDone,
  AlreadyReported,
  Cancelled,
  CountersignError,
  Denied,
  Expired,
  Halted,
  NotApproved,
  OutcomeUnknown,
  Rejected,
  RequestRefused,
  StillWaiting,
  Stopped,
  Unavailable,
} from './errors';
export type { ApprovalRequest, Decision, HaltState, OutcomeStatus, Reason, RecordedOutcome, RequestStatus, Tier, Verdict } from './answers';
export { actionDigest } from './digest';
export type { ActionName, Call, Covered, Resource } from './digest';
export { receiptAudience, receiptHeader, receiptRefusals, receiptType, verifyReceipt } from './receipt';
export type { Expected, ReceiptRefusal, ReceiptRefusalCode, ReceiptVerdict } from './receipt';
export type { ReceiptClaims } from './receipt-claims';
export { ReceiptVerifier } from './verifier';
export type { ReceiptVerifierOptions } from './verifier';
export type { ToolKey } from './sightings';
export { FolderSeen, MemorySeen, rememberedSeconds } from './seen';
export type { SeenDecisions } from './seen';
export { readKeys } from './key-set';
export type { Json } from './json';
