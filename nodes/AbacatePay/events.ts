import type { ProviderEvent } from '../core/provider';

/** The events that the API registers, in the order of the page "Referência". */
export const registrableEvents: readonly ProviderEvent[] = [
	{
		code: 'checkout.completed',
		name: 'Checkout Paid',
		label: 'Chkout Paid',
		description: 'When the payment of a checkout is confirmed',
	},
	{
		code: 'checkout.refunded',
		name: 'Checkout Refunded',
		label: 'Chkout Ref',
		description: 'When the refund of a checkout is completed',
	},
	{
		code: 'checkout.disputed',
		name: 'Checkout Disputed',
		label: 'Chkout Disp',
		description: 'When a dispute or chargeback of a checkout is opened',
	},
	{
		code: 'checkout.lost',
		name: 'Checkout Dispute Lost',
		label: 'Chkout Lost',
		description: 'When a dispute of a checkout is lost',
	},
	{
		code: 'transparent.completed',
		name: 'Transparent Payment Paid',
		label: 'Transp Paid',
		description: 'When a transparent payment is confirmed',
	},
	{
		code: 'transparent.refunded',
		name: 'Transparent Payment Refunded',
		label: 'Transp Ref',
		description:
			'When the refund of a transparent payment is completed; a charge with a billing sends checkout.refunded instead',
	},
	{
		code: 'transparent.disputed',
		name: 'Transparent Payment Disputed',
		label: 'Transp Disp',
		description: 'When a dispute of a transparent payment is opened',
	},
	{
		code: 'transparent.lost',
		name: 'Transparent Dispute Lost',
		label: 'Transp Lost',
		description: 'When a dispute of a transparent payment is lost',
	},
	{
		code: 'subscription.completed',
		name: 'Subscription Activated',
		label: 'Sub Active',
		description: 'When a subscription is created and activated',
	},
	{
		code: 'subscription.cancelled',
		name: 'Subscription Canceled',
		label: 'Sub Cancel',
		description: 'When a subscription is canceled, also after its last failed payment',
	},
	{
		code: 'subscription.renewed',
		name: 'Subscription Renewed',
		label: 'Sub Renew',
		description: 'When a recurring payment of a subscription is paid',
	},
	{
		code: 'subscription.trial_started',
		name: 'Subscription Trial Started',
		label: 'Sub Trial',
		description: 'When the trial period of a subscription starts',
	},
	{
		code: 'payout.completed',
		name: 'Payout Completed',
		label: 'Payout Done',
		description: 'When a withdrawal without an external ID is completed',
	},
	{
		code: 'payout.failed',
		name: 'Payout Failed',
		label: 'Payout Fail',
		description: 'When a withdrawal without an external ID fails',
	},
	{
		code: 'transfer.completed',
		name: 'Transfer Completed',
		label: 'Transf Done',
		description: 'When a transfer, or a withdrawal with an external ID, is completed',
	},
	{
		code: 'transfer.failed',
		name: 'Transfer Failed',
		label: 'Transf Fail',
		description: 'When a transfer, or a withdrawal with an external ID, fails',
	},
];

/** The events that only the changelog names: the API's list of events lacks them. */
export const panelEvents: readonly ProviderEvent[] = [
	{
		code: 'subscription.payment_failed',
		name: 'Subscription Payment Failed',
		label: 'Sub Failed',
		description:
			'When a recurring payment of a subscription fails; needs a webhook made in the panel',
	},
	{
		code: 'subscription.plan_changed',
		name: 'Subscription Plan Changed',
		label: 'Plan Change',
		description: 'When the plan of a subscription changes; needs a webhook made in the panel',
	},
];
