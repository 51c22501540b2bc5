/*
 * Generated from the declarations of the routes: do not edit. Run `npm run generate`.
 */

import type { CallOptions, ConditionalCallOptions, KeyedCallOptions, WaitingCallOptions } from '../options';
import type { Operation } from '../request';
import type { Failure, Result } from '../result';

export interface Success {
  status: 'success';
  error: '';
}

export interface Shortage {
  /** The product */
  productID: string;
  /** Quantity requested */
  requested: number;
  /** Quantity that could be bought */
  available: number;
}

export interface Cart {
  /** The client who owns the cart */
  clientID: string;
  items: Array<CartItem>;
  /** Sum of the lines whose products are still sold */
  total: string | null;
  /** ISO 4217 code */
  currency: string | null;
}

export interface CartItem {
  /** The product */
  productID: string;
  /** Name of the product; null if it is no longer sold */
  productName: string | null;
  /** Quantity */
  quantity: number;
  /** Current unit price; null if the product is no longer sold */
  unitPrice: string | null;
  /** Quantity times unit price; null if the product is no longer sold */
  lineTotal: string | null;
  /** Whether this quantity can be bought now */
  available: boolean | null;
}

export interface Order {
  /** The order */
  orderID: string;
  /** The client who placed the order */
  clientID: string;
  /** An order leaves `processing` exactly once */
  status: 'processing' | 'completed' | 'failed';
  /** Human-readable reason for the failure; empty unless the order failed */
  error: string;
  /** Machine-readable reason for the failure; empty unless the order failed */
  code: '' | 'INSUFFICIENT_STOCK' | 'PAYMENT_DECLINED' | 'RESERVATION_EXPIRED' | 'CANCELLED' | 'ORDER_TOO_LARGE';
  items: Array<OrderItem>;
  /** Sum of quantity times unit price */
  total: string;
  /** ISO 4217 code */
  currency: string;
  /** When the order was created from the cart */
  createdAt: string;
  /** When the status last changed */
  updatedAt: string;
}

export interface OrderItem {
  /** The product */
  productID: string;
  /** Quantity */
  quantity: number;
  /** Unit price, fixed when the order was created */
  unitPrice: string;
}

export interface OrderList {
  items: Array<Order>;
  /** `after` for the next page; null on the last page */
  next: string | null;
}

export interface ProductList {
  items: Array<Product>;
  /** `after` for the next page; null on the last page */
  next: string | null;
}

export interface Product {
  /** The product */
  productID: string;
  /** Name of the product */
  productName: string;
  /** Quantity that can still be bought */
  quantity: number;
  /** Unit price */
  unitPrice: string;
  /** ISO 4217 code */
  currency: string;
}

export interface AddToCartInput {
  /** The client who owns the cart */
  clientID: string;
  /** The product */
  productID: string;
  /** Quantity */
  quantity: number;
}

export type AddToCartAnswer = Success;

/** How `addToCart` fails. */
export type AddToCartFailure =
  | (Failure<'INVALID_REQUEST'> & {
      /** Every invalid field */
      fields?: Array<{
        field: string;
        message: string;
      }>;
    })
  | Failure<'UNAUTHORIZED'>
  | Failure<'FORBIDDEN'>
  | Failure<'PRODUCT_NOT_FOUND'>
  | (Failure<'INSUFFICIENT_STOCK'> & {
      /** Quantity that can be bought */
      available: number;
    })
  | Failure<'CART_FULL'>
  | Failure<'IDEMPOTENCY_EXPIRED'>
  | Failure<'PAYLOAD_TOO_LARGE'>
  | Failure<'UNSUPPORTED_MEDIA_TYPE'>
  | Failure<'IDEMPOTENCY_MISMATCH'>
  | Failure<'OVERLOADED'>
  | Failure<'RATE_LIMITED'>
  | Failure<'UNAVAILABLE'>
  | Failure<'TIMEOUT'>;

export interface CheckOutCartInput {
  /** The client who owns the cart */
  clientID: string;
  /** The total that the client expects, such as the `total` of `GET /cart/{clientID}`: a decimal string or a number */
  expectedTotal?: string | number;
}

export type CheckOutCartAnswer =
  | {
      status: 'success';
      error: '';
      orderID: string;
      /** The amount paid */
      total: string;
      /** ISO 4217 code */
      currency: string;
    }
  | {
      status: 'processing';
      error: '';
      orderID: string;
    };

/** How `checkOutCart` fails. */
export type CheckOutCartFailure =
  | (Failure<'INVALID_REQUEST'> & {
      /** Every invalid field */
      fields?: Array<{
        field: string;
        message: string;
      }>;
    })
  | Failure<'UNAUTHORIZED'>
  | (Failure<'PAYMENT_DECLINED'> & {
      /** The order that failed */
      orderID: string;
      /** `NO_WALLET`, `INSUFFICIENT_FUNDS`, `SAME_WALLET`, `BALANCE_LIMIT` or `PAYMENT_MISMATCH`; others may be added */
      reason?: string;
    })
  | Failure<'FORBIDDEN'>
  | Failure<'CART_EMPTY'>
  | Failure<'CART_FULL'>
  | (Failure<'TOTAL_CHANGED'> & {
      /** The total that the client expected */
      expectedTotal: string;
      /** The current total of the cart */
      total: string;
    })
  | (Failure<'INSUFFICIENT_STOCK'> & {
      /** The order that failed */
      orderID?: string;
      items: Array<Shortage>;
    })
  | (Failure<'ORDER_TOO_LARGE'> & {
      /** The order that failed */
      orderID: string;
    })
  | (Failure<'RESERVATION_EXPIRED'> & {
      /** The order that failed */
      orderID: string;
    })
  | (Failure<'CANCELLED'> & {
      /** The order that failed */
      orderID: string;
    })
  | Failure<'IDEMPOTENCY_EXPIRED'>
  | Failure<'PAYLOAD_TOO_LARGE'>
  | Failure<'UNSUPPORTED_MEDIA_TYPE'>
  | Failure<'IDEMPOTENCY_MISMATCH'>
  | Failure<'OVERLOADED'>
  | Failure<'RATE_LIMITED'>
  | Failure<'UNAVAILABLE'>
  | Failure<'TIMEOUT'>;

export interface GetCartInput {
  /** The client who owns the cart */
  clientID: string;
}

export type GetCartAnswer = Cart;

/** How `getCart` fails. */
export type GetCartFailure =
  | (Failure<'INVALID_REQUEST'> & {
      /** Every invalid field */
      fields?: Array<{
        field: string;
        message: string;
      }>;
    })
  | Failure<'UNAUTHORIZED'>
  | Failure<'FORBIDDEN'>
  | Failure<'OVERLOADED'>
  | Failure<'RATE_LIMITED'>
  | Failure<'UNAVAILABLE'>
  | Failure<'TIMEOUT'>;

export interface SetCartItemInput {
  /** The client who owns the cart */
  clientID: string;
  /** The product */
  productID: string;
  /** Quantity */
  quantity: number;
}

export type SetCartItemAnswer = Success;

/** How `setCartItem` fails. */
export type SetCartItemFailure =
  | (Failure<'INVALID_REQUEST'> & {
      /** Every invalid field */
      fields?: Array<{
        field: string;
        message: string;
      }>;
    })
  | Failure<'UNAUTHORIZED'>
  | Failure<'FORBIDDEN'>
  | Failure<'PRODUCT_NOT_FOUND'>
  | (Failure<'INSUFFICIENT_STOCK'> & {
      /** Quantity that can be bought */
      available: number;
    })
  | Failure<'CART_FULL'>
  | Failure<'PAYLOAD_TOO_LARGE'>
  | Failure<'UNSUPPORTED_MEDIA_TYPE'>
  | Failure<'OVERLOADED'>
  | Failure<'RATE_LIMITED'>
  | Failure<'UNAVAILABLE'>
  | Failure<'TIMEOUT'>;

export interface RemoveCartItemInput {
  /** The client who owns the cart */
  clientID: string;
  /** The product */
  productID: string;
}

export type RemoveCartItemAnswer = Success;

/** How `removeCartItem` fails. */
export type RemoveCartItemFailure =
  | (Failure<'INVALID_REQUEST'> & {
      /** Every invalid field */
      fields?: Array<{
        field: string;
        message: string;
      }>;
    })
  | Failure<'UNAUTHORIZED'>
  | Failure<'FORBIDDEN'>
  | Failure<'OVERLOADED'>
  | Failure<'RATE_LIMITED'>
  | Failure<'UNAVAILABLE'>
  | Failure<'TIMEOUT'>;

export interface GetOrderInput {
  /** The order */
  orderID: string;
}

export type GetOrderAnswer = Order;

/** How `getOrder` fails. */
export type GetOrderFailure =
  | (Failure<'INVALID_REQUEST'> & {
      /** Every invalid field */
      fields?: Array<{
        field: string;
        message: string;
      }>;
    })
  | Failure<'UNAUTHORIZED'>
  | Failure<'FORBIDDEN'>
  | Failure<'ORDER_NOT_FOUND'>
  | Failure<'OVERLOADED'>
  | Failure<'RATE_LIMITED'>
  | Failure<'UNAVAILABLE'>
  | Failure<'TIMEOUT'>;

export interface ListOrdersInput {
  /** The client who owns the cart */
  clientID: string;
  /** `next` of the previous page */
  after?: string;
  /** Maximum number of items per page; 50 where it is not given */
  limit?: number;
}

export type ListOrdersAnswer = OrderList;

/** How `listOrders` fails. */
export type ListOrdersFailure =
  | (Failure<'INVALID_REQUEST'> & {
      /** Every invalid field */
      fields?: Array<{
        field: string;
        message: string;
      }>;
    })
  | Failure<'UNAUTHORIZED'>
  | Failure<'FORBIDDEN'>
  | Failure<'OVERLOADED'>
  | Failure<'RATE_LIMITED'>
  | Failure<'UNAVAILABLE'>
  | Failure<'TIMEOUT'>;

export interface CancelOrderInput {
  /** The order */
  orderID: string;
}

export type CancelOrderAnswer =
  | Order
  | {
      status: 'processing';
      error: '';
      orderID: string;
    };

/** How `cancelOrder` fails. */
export type CancelOrderFailure =
  | (Failure<'INVALID_REQUEST'> & {
      /** Every invalid field */
      fields?: Array<{
        field: string;
        message: string;
      }>;
    })
  | Failure<'UNAUTHORIZED'>
  | Failure<'FORBIDDEN'>
  | Failure<'ORDER_NOT_FOUND'>
  | (Failure<'ORDER_ENDED'> & {
      /** The order */
      orderID: string;
    })
  | Failure<'IDEMPOTENCY_EXPIRED'>
  | Failure<'PAYLOAD_TOO_LARGE'>
  | Failure<'UNSUPPORTED_MEDIA_TYPE'>
  | Failure<'IDEMPOTENCY_MISMATCH'>
  | Failure<'OVERLOADED'>
  | Failure<'RATE_LIMITED'>
  | Failure<'UNAVAILABLE'>
  | Failure<'TIMEOUT'>;

export interface OrderEventsInput {
  /** The order */
  orderID: string;
}

/** How `orderEvents` fails. */
export type OrderEventsFailure =
  | (Failure<'INVALID_REQUEST'> & {
      /** Every invalid field */
      fields?: Array<{
        field: string;
        message: string;
      }>;
    })
  | Failure<'UNAUTHORIZED'>
  | Failure<'FORBIDDEN'>
  | Failure<'ORDER_NOT_FOUND'>
  | Failure<'OVERLOADED'>
  | Failure<'RATE_LIMITED'>
  | Failure<'UNAVAILABLE'>
  | Failure<'TIMEOUT'>;

export interface ListProductsInput {
  /** `next` of the previous page */
  after?: string;
  /** Maximum number of items per page; 50 where it is not given */
  limit?: number;
}

export type ListProductsAnswer = ProductList;

/** How `listProducts` fails. */
export type ListProductsFailure =
  | (Failure<'INVALID_REQUEST'> & {
      /** Every invalid field */
      fields?: Array<{
        field: string;
        message: string;
      }>;
    })
  | Failure<'UNAUTHORIZED'>
  | Failure<'FORBIDDEN'>
  | Failure<'OVERLOADED'>
  | Failure<'RATE_LIMITED'>
  | Failure<'UNAVAILABLE'>
  | Failure<'TIMEOUT'>;

export interface GetProductInput {
  /** The product */
  productID: string;
}

export type GetProductAnswer = Product;

/** How `getProduct` fails. */
export type GetProductFailure =
  | (Failure<'INVALID_REQUEST'> & {
      /** Every invalid field */
      fields?: Array<{
        field: string;
        message: string;
      }>;
    })
  | Failure<'UNAUTHORIZED'>
  | Failure<'FORBIDDEN'>
  | Failure<'PRODUCT_NOT_FOUND'>
  | Failure<'OVERLOADED'>
  | Failure<'RATE_LIMITED'>
  | Failure<'UNAVAILABLE'>
  | Failure<'TIMEOUT'>;

export interface PutProductInput {
  /** The product */
  productID: string;
  /** Name of the product */
  productName: string;
  /** Stock on hand */
  quantity?: number;
  /** Unit price: a decimal string or a number */
  unitPrice: string | number;
}

export type PutProductAnswer = {
  /** The product */
  productID: string;
  /** Name of the product */
  productName: string;
  /** Quantity that can still be bought: on hand minus reserved */
  quantity: number;
  /** Unit price */
  unitPrice: string;
  /** ISO 4217 code */
  currency: string;
  /** Stock on hand */
  onHand: number;
  /** Quantity reserved for orders in progress */
  reserved: number;
  status: 'success';
  error: '';
};

/** How `putProduct` fails. */
export type PutProductFailure =
  | (Failure<'INVALID_REQUEST'> & {
      /** Every invalid field */
      fields?: Array<{
        field: string;
        message: string;
      }>;
    })
  | Failure<'UNAUTHORIZED'>
  | Failure<'FORBIDDEN'>
  | (Failure<'STOCK_RESERVED'> & {
      /** Quantity reserved for orders in progress */
      reserved: number;
    })
  | Failure<'PRECONDITION_FAILED'>
  | Failure<'PAYLOAD_TOO_LARGE'>
  | Failure<'UNSUPPORTED_MEDIA_TYPE'>
  | Failure<'OVERLOADED'>
  | Failure<'RATE_LIMITED'>
  | Failure<'UNAVAILABLE'>
  | Failure<'TIMEOUT'>;

export interface ChangeStockInput {
  /** The product */
  productID: string;
  /** Quantity to add to the stock on hand; negative to reduce it */
  delta: number;
  /** Reason for the change, for the record */
  reason?: string;
}

export type ChangeStockAnswer = {
  /** The product */
  productID: string;
  /** Name of the product */
  productName: string;
  /** Quantity that can still be bought: on hand minus reserved */
  quantity: number;
  /** Unit price */
  unitPrice: string;
  /** ISO 4217 code */
  currency: string;
  /** Stock on hand */
  onHand: number;
  /** Quantity reserved for orders in progress */
  reserved: number;
  status: 'success';
  error: '';
};

/** How `changeStock` fails. */
export type ChangeStockFailure =
  | (Failure<'INVALID_REQUEST'> & {
      /** Every invalid field */
      fields?: Array<{
        field: string;
        message: string;
      }>;
    })
  | Failure<'UNAUTHORIZED'>
  | Failure<'FORBIDDEN'>
  | Failure<'PRODUCT_NOT_FOUND'>
  | (Failure<'STOCK_RESERVED'> & {
      /** Quantity reserved for orders in progress */
      reserved: number;
    })
  | Failure<'IDEMPOTENCY_EXPIRED'>
  | Failure<'PAYLOAD_TOO_LARGE'>
  | Failure<'UNSUPPORTED_MEDIA_TYPE'>
  | Failure<'IDEMPOTENCY_MISMATCH'>
  | Failure<'OVERLOADED'>
  | Failure<'RATE_LIMITED'>
  | Failure<'UNAVAILABLE'>
  | Failure<'TIMEOUT'>;

/** Souk Cart API 1.0.0: a method for each route. */
export interface CartApi {
  /**
   * Add a product to a cart.
   *
   * Adds to the quantity that is already in the cart, up to 1,000,000 (400 beyond that). The available stock must cover the new quantity; nothing is reserved before checkout. Counts towards the `cart` rate limit.
   *
   * `POST /addToCart`
   */
  addToCart(input: AddToCartInput, options?: KeyedCallOptions): Promise<Result<AddToCartAnswer, AddToCartFailure>>;

  /**
   * Turn a cart into an order and pay for it.
   *
   * Waits up to 5 s for the order to settle (`Prefer: wait=N`: up to 60 s; `Prefer: respond-async`: no wait), then answers 202 with the `Location` of the order. If the order fails, its items return to the cart. With `expectedTotal`, nothing is ordered or charged unless the cart costs exactly that. Counts towards the `checkout` rate limit.
   *
   * `POST /checkOutCart`
   */
  checkOutCart(
    input: CheckOutCartInput,
    options?: WaitingCallOptions,
  ): Promise<Result<CheckOutCartAnswer, CheckOutCartFailure>>;

  /**
   * A cart at current prices.
   *
   * The cart of an unknown client is empty. A product that is no longer sold is not available, has no name and no price, and is not part of the total. While the inventory does not respond, names, prices, `available`, `total` and `currency` are null. Counts towards the `read` rate limit.
   *
   * `GET /cart/{clientID}`
   */
  getCart(input: GetCartInput, options?: CallOptions): Promise<Result<GetCartAnswer, GetCartFailure>>;

  /**
   * Set the quantity of a product in a cart.
   *
   * Counts towards the `cart` rate limit.
   *
   * `PUT /cart/{clientID}/items/{productID}`
   */
  setCartItem(input: SetCartItemInput, options?: CallOptions): Promise<Result<SetCartItemAnswer, SetCartItemFailure>>;

  /**
   * Remove a product from a cart.
   *
   * Also succeeds if the product is not in the cart. Counts towards the `cart` rate limit.
   *
   * `DELETE /cart/{clientID}/items/{productID}`
   */
  removeCartItem(
    input: RemoveCartItemInput,
    options?: CallOptions,
  ): Promise<Result<RemoveCartItemAnswer, RemoveCartItemFailure>>;

  /**
   * An order.
   *
   * Counts towards the `read` rate limit.
   *
   * `GET /orders/{orderID}`
   */
  getOrder(input: GetOrderInput, options?: CallOptions): Promise<Result<GetOrderAnswer, GetOrderFailure>>;

  /**
   * A client's orders, newest first.
   *
   * Counts towards the `read` rate limit.
   *
   * `GET /orders`
   */
  listOrders(input: ListOrdersInput, options?: CallOptions): Promise<Result<ListOrdersAnswer, ListOrdersFailure>>;

  /**
   * Cancel an order that is processing.
   *
   * The order fails with the code CANCELLED unless it completes first. Its stock and its cart are restored, and any charge is refunded. The request waits for this as a checkout does; after a 202, check the order at `Location`. Cancelling a cancelled order has no further effect. Counts towards the `checkout` rate limit.
   *
   * `POST /orders/{orderID}/cancel`
   */
  cancelOrder(
    input: CancelOrderInput,
    options?: WaitingCallOptions,
  ): Promise<Result<CancelOrderAnswer, CancelOrderFailure>>;

  /**
   * Follow an order with server-sent events.
   *
   * Sends `event: status` with the order as `data` and an `id`, at once and on each change; the stream ends after the final event. A comment every 15 s keeps the connection open. `EventSource` reconnects after the stream ends, with the `Last-Event-ID` of the final event; the 204 then makes it stop. Counts towards the `read` rate limit.
   *
   * `GET /orders/{orderID}/events`
   */
  orderEvents(input: OrderEventsInput, options?: CallOptions): AsyncGenerator<Order, void, undefined>;

  /**
   * The products that the shop sells, ordered by product id.
   *
   * Counts towards the `read` rate limit.
   *
   * `GET /products`
   */
  listProducts(
    input?: ListProductsInput,
    options?: CallOptions,
  ): Promise<Result<ListProductsAnswer, ListProductsFailure>>;

  /**
   * A product.
   *
   * Counts towards the `read` rate limit.
   *
   * `GET /products/{productID}`
   */
  getProduct(input: GetProductInput, options?: CallOptions): Promise<Result<GetProductAnswer, GetProductFailure>>;

  /**
   * Create or replace a product.
   *
   * `quantity` sets the stock on hand; without it, the stock is unchanged, or 0 for a new product. With the `ETag` of a GET in `If-Match`, the product is changed only if its name, price and stock on hand haven't changed since. Counts towards the `admin` rate limit.
   *
   * `PUT /products/{productID}`
   */
  putProduct(
    input: PutProductInput,
    options?: ConditionalCallOptions,
  ): Promise<Result<PutProductAnswer, PutProductFailure>>;

  /**
   * Increase or reduce the stock of a product.
   *
   * Each change is recorded: who made it, when and why, and the stock on hand before and after it. Counts towards the `admin` rate limit.
   *
   * `POST /products/{productID}/stock`
   */
  changeStock(
    input: ChangeStockInput,
    options?: KeyedCallOptions,
  ): Promise<Result<ChangeStockAnswer, ChangeStockFailure>>;
}

/** How the request of each method is made. */
export const OPERATIONS = {
  addToCart: {
    method: 'POST',
    path: '/addToCart',
    query: [],
    body: ['clientID', 'productID', 'quantity'],
    codes: [
      'INVALID_REQUEST',
      'UNAUTHORIZED',
      'FORBIDDEN',
      'PRODUCT_NOT_FOUND',
      'INSUFFICIENT_STOCK',
      'CART_FULL',
      'IDEMPOTENCY_EXPIRED',
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'IDEMPOTENCY_MISMATCH',
      'OVERLOADED',
      'RATE_LIMITED',
      'UNAVAILABLE',
      'TIMEOUT',
    ],
    takesKey: true,
    takesPrefer: false,
    takesIfMatch: false,
    isStream: false,
  },
  checkOutCart: {
    method: 'POST',
    path: '/checkOutCart',
    query: [],
    body: ['clientID', 'expectedTotal'],
    codes: [
      'INVALID_REQUEST',
      'UNAUTHORIZED',
      'PAYMENT_DECLINED',
      'FORBIDDEN',
      'CART_EMPTY',
      'CART_FULL',
      'TOTAL_CHANGED',
      'INSUFFICIENT_STOCK',
      'ORDER_TOO_LARGE',
      'RESERVATION_EXPIRED',
      'CANCELLED',
      'IDEMPOTENCY_EXPIRED',
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'IDEMPOTENCY_MISMATCH',
      'OVERLOADED',
      'RATE_LIMITED',
      'UNAVAILABLE',
      'TIMEOUT',
    ],
    takesKey: true,
    takesPrefer: true,
    takesIfMatch: false,
    isStream: false,
  },
  getCart: {
    method: 'GET',
    path: '/cart/{clientID}',
    query: [],
    body: [],
    codes: ['INVALID_REQUEST', 'UNAUTHORIZED', 'FORBIDDEN', 'OVERLOADED', 'RATE_LIMITED', 'UNAVAILABLE', 'TIMEOUT'],
    takesKey: false,
    takesPrefer: false,
    takesIfMatch: false,
    isStream: false,
  },
  setCartItem: {
    method: 'PUT',
    path: '/cart/{clientID}/items/{productID}',
    query: [],
    body: ['quantity'],
    codes: [
      'INVALID_REQUEST',
      'UNAUTHORIZED',
      'FORBIDDEN',
      'PRODUCT_NOT_FOUND',
      'INSUFFICIENT_STOCK',
      'CART_FULL',
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'OVERLOADED',
      'RATE_LIMITED',
      'UNAVAILABLE',
      'TIMEOUT',
    ],
    takesKey: false,
    takesPrefer: false,
    takesIfMatch: false,
    isStream: false,
  },
  removeCartItem: {
    method: 'DELETE',
    path: '/cart/{clientID}/items/{productID}',
    query: [],
    body: [],
    codes: ['INVALID_REQUEST', 'UNAUTHORIZED', 'FORBIDDEN', 'OVERLOADED', 'RATE_LIMITED', 'UNAVAILABLE', 'TIMEOUT'],
    takesKey: false,
    takesPrefer: false,
    takesIfMatch: false,
    isStream: false,
  },
  getOrder: {
    method: 'GET',
    path: '/orders/{orderID}',
    query: [],
    body: [],
    codes: [
      'INVALID_REQUEST',
      'UNAUTHORIZED',
      'FORBIDDEN',
      'ORDER_NOT_FOUND',
      'OVERLOADED',
      'RATE_LIMITED',
      'UNAVAILABLE',
      'TIMEOUT',
    ],
    takesKey: false,
    takesPrefer: false,
    takesIfMatch: false,
    isStream: false,
  },
  listOrders: {
    method: 'GET',
    path: '/orders',
    query: ['clientID', 'after', 'limit'],
    body: [],
    codes: ['INVALID_REQUEST', 'UNAUTHORIZED', 'FORBIDDEN', 'OVERLOADED', 'RATE_LIMITED', 'UNAVAILABLE', 'TIMEOUT'],
    takesKey: false,
    takesPrefer: false,
    takesIfMatch: false,
    isStream: false,
  },
  cancelOrder: {
    method: 'POST',
    path: '/orders/{orderID}/cancel',
    query: [],
    body: [],
    codes: [
      'INVALID_REQUEST',
      'UNAUTHORIZED',
      'FORBIDDEN',
      'ORDER_NOT_FOUND',
      'ORDER_ENDED',
      'IDEMPOTENCY_EXPIRED',
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'IDEMPOTENCY_MISMATCH',
      'OVERLOADED',
      'RATE_LIMITED',
      'UNAVAILABLE',
      'TIMEOUT',
    ],
    takesKey: true,
    takesPrefer: true,
    takesIfMatch: false,
    isStream: false,
  },
  orderEvents: {
    method: 'GET',
    path: '/orders/{orderID}/events',
    query: [],
    body: [],
    codes: [
      'INVALID_REQUEST',
      'UNAUTHORIZED',
      'FORBIDDEN',
      'ORDER_NOT_FOUND',
      'OVERLOADED',
      'RATE_LIMITED',
      'UNAVAILABLE',
      'TIMEOUT',
    ],
    takesKey: false,
    takesPrefer: false,
    takesIfMatch: false,
    isStream: true,
  },
  listProducts: {
    method: 'GET',
    path: '/products',
    query: ['after', 'limit'],
    body: [],
    codes: ['INVALID_REQUEST', 'UNAUTHORIZED', 'FORBIDDEN', 'OVERLOADED', 'RATE_LIMITED', 'UNAVAILABLE', 'TIMEOUT'],
    takesKey: false,
    takesPrefer: false,
    takesIfMatch: false,
    isStream: false,
  },
  getProduct: {
    method: 'GET',
    path: '/products/{productID}',
    query: [],
    body: [],
    codes: [
      'INVALID_REQUEST',
      'UNAUTHORIZED',
      'FORBIDDEN',
      'PRODUCT_NOT_FOUND',
      'OVERLOADED',
      'RATE_LIMITED',
      'UNAVAILABLE',
      'TIMEOUT',
    ],
    takesKey: false,
    takesPrefer: false,
    takesIfMatch: false,
    isStream: false,
  },
  putProduct: {
    method: 'PUT',
    path: '/products/{productID}',
    query: [],
    body: ['productName', 'quantity', 'unitPrice'],
    codes: [
      'INVALID_REQUEST',
      'UNAUTHORIZED',
      'FORBIDDEN',
      'STOCK_RESERVED',
      'PRECONDITION_FAILED',
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'OVERLOADED',
      'RATE_LIMITED',
      'UNAVAILABLE',
      'TIMEOUT',
    ],
    takesKey: false,
    takesPrefer: false,
    takesIfMatch: true,
    isStream: false,
  },
  changeStock: {
    method: 'POST',
    path: '/products/{productID}/stock',
    query: [],
    body: ['delta', 'reason'],
    codes: [
      'INVALID_REQUEST',
      'UNAUTHORIZED',
      'FORBIDDEN',
      'PRODUCT_NOT_FOUND',
      'STOCK_RESERVED',
      'IDEMPOTENCY_EXPIRED',
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'IDEMPOTENCY_MISMATCH',
      'OVERLOADED',
      'RATE_LIMITED',
      'UNAVAILABLE',
      'TIMEOUT',
    ],
    takesKey: true,
    takesPrefer: false,
    takesIfMatch: false,
    isStream: false,
  },
} satisfies Record<keyof CartApi, Operation>;
