export { issueToken, narrow, type Grant, type TokenInput } from './issue';
export {
  clockLeewaySeconds,
  jwksOf,
  newSigningKey,
  planRotation,
  readSigningKey,
  signingKeyAt,
  verifies,
  type Rotation,
  type SigningKey,
} from './keys';
export { issueReceipt, receiptType, verifyReceipt, type ReceiptFacts, type ReceiptVerdict } from './receipt';
export {
  parseTokenRequest,
  refuseToken,
  tokenErrorAnswer,
  tokenErrors,
  type TokenErrorCode,
  type TokenRefusal,
  type TokenRequest,
} from './request';
export { authenticate, checkSecret, isUsable, looksLikeSecret, newSecret, type CredentialFacts } from './secret';
export { accessTokenType, tokenRefusals, verifyAccessToken, type AccessTokenRefusal, type AccessTokenVerdict } from './verify';
export type { SigningKeyRow } from '../schema';
