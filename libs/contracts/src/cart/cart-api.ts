import { addToCartRoute, getCartRoute, removeCartItemRoute, setCartItemRoute } from './cart-routes';
import { cancelOrderRoute, checkOutCartRoute, getOrderRoute, listOrdersRoute, orderEventsRoute } from './order-routes';
import { changeStockRoute, getProductRoute, listProductsRoute, putProductRoute } from './product-routes';

/** Every route of the Cart API. */
export const CART_API_ROUTES = [
  addToCartRoute,
  checkOutCartRoute,
  getCartRoute,
  setCartItemRoute,
  removeCartItemRoute,
  getOrderRoute,
  listOrdersRoute,
  cancelOrderRoute,
  orderEventsRoute,
  listProductsRoute,
  getProductRoute,
  putProductRoute,
  changeStockRoute,
] as const;

/** The heading of the Cart API's documentation. */
export const CART_API_DESCRIPTION = {
  title: 'Souk Cart API',
  version: '1.0.0',
  description:
    'Carts, orders and products of the shop. Answers to POST, PUT and DELETE, and all failures, carry `status` and `error`; ' +
    'failures add a stable `code`. A POST with an `Idempotency-Key` can be retried without a second effect.',
};
