// Original file: proto/wallet/v1/wallet.proto


export interface Payment {
  'paymentId'?: (string);
  /**
   * The reference of the account that pays.
   */
  'payerReference'?: (string);
  /**
   * The reference of a merchant's account.
   */
  'payeeReference'?: (string);
  /**
   * More than 0.
   */
  'amount'?: (string);
  /**
   * ISO 4217; USD, also where it is empty.
   */
  'currency'?: (string);
  /**
   * Who asked for it; whoever calls, where it is empty.
   */
  'actor'?: (string);
}

export interface Payment__Output {
  'paymentId': (string);
  /**
   * The reference of the account that pays.
   */
  'payerReference': (string);
  /**
   * The reference of a merchant's account.
   */
  'payeeReference': (string);
  /**
   * More than 0.
   */
  'amount': (string);
  /**
   * ISO 4217; USD, also where it is empty.
   */
  'currency': (string);
  /**
   * Who asked for it; whoever calls, where it is empty.
   */
  'actor': (string);
}
