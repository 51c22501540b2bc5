import type {
  GrpcHandlers,
  InventoryServiceDefinition,
  Product as ProductMessage,
  ReservationState as StateMessage,
} from '@souk/grpc';
import { formatAmount } from '@souk/money';
import { checkItems } from './check-items';
import { commitReservations, rollBackReservations } from './end-reservations';
import type { Product, ReservationState, ReserveAnswer } from './lane/inventory-state';
import type { Lane } from './lane/lane';
import { listProducts } from './list-products';
import type { ProductStore } from './product-store';
import { reserveItems } from './reserve-items';
import { upsertProduct } from './upsert-product';

const STATES: Record<ReservationState, StateMessage> = {
  reserved: 'RESERVATION_STATE_RESERVED',
  committed: 'RESERVATION_STATE_COMMITTED',
  rolled_back: 'RESERVATION_STATE_ROLLED_BACK',
  rejected: 'RESERVATION_STATE_REJECTED',
  expired: 'RESERVATION_STATE_EXPIRED',
  unknown: 'RESERVATION_STATE_UNKNOWN',
  mismatch: 'RESERVATION_STATE_ITEMS_MISMATCH',
};

/** The contract (proto/inventory/v1) on one side, the use cases on the other. */
export function inventoryHandlers({
  lane,
  products,
}: {
  lane: Lane;
  products: ProductStore;
}): GrpcHandlers<InventoryServiceDefinition> {
  const toResults = (reserveIds: readonly string[], answers: readonly { state: ReservationState }[]) =>
    answers.map(({ state }, index) => ({ reserveId: reserveIds[index]!, state: STATES[state] }));

  return {
    checkItems: async ({ productIds }) => {
      const found = await checkItems(products, productIds);
      return { items: found.map((product, index) => toAvailability(productIds[index]!, product)) };
    },
    reserveItems: async (request) => {
      const answers = await reserveItems(lane, request);
      return {
        results: answers.map((answer, index) => toReserveResult(request.reservations[index]!.reserveId, answer)),
      };
    },
    commitReservations: async (request) => ({
      results: toResults(request.reserveIds, await commitReservations(lane, request)),
    }),
    rollbackReservations: async (request) => ({
      results: toResults(request.reserveIds, await rollBackReservations(lane, request)),
    }),
    listProducts: async (request) => {
      const { products: page, next } = await listProducts(products, request);
      return { products: page.map(toProductMessage), next };
    },
    upsertProduct: async (request) => ({ product: toProductMessage(await upsertProduct(lane, request)) }),
  };
}

const availableOf = ({ onHand, reserved }: Product) => Math.max(0, onHand - reserved);

function toAvailability(productId: string, product: Product | undefined) {
  if (!product) return { productId, exists: false, available: 0, unitPrice: '', currency: '' };
  const { unitPrice, currency } = product;
  return { productId, exists: true, available: availableOf(product), unitPrice: formatAmount(unitPrice), currency };
}

function toReserveResult(reserveId: string, answer: ReserveAnswer) {
  return {
    reserveId,
    state: STATES[answer.state],
    shortages: answer.state === 'rejected' ? answer.shortages.map((shortage) => ({ ...shortage })) : [],
    expiresAt: answer.state === 'reserved' ? toTimestamp(answer.expiresAt) : null,
  };
}

function toProductMessage(product: Product): ProductMessage {
  const { productId, productName, onHand, reserved, unitPrice, currency } = product;
  const available = availableOf(product);
  return { productId, productName, onHand, reserved, available, unitPrice: formatAmount(unitPrice), currency };
}

const toTimestamp = (milliseconds: number) => ({
  seconds: Math.floor(milliseconds / 1_000),
  nanos: (milliseconds % 1_000) * 1_000_000,
});
