"""Everything that goes on at Duka, tied together: people, registers, goods, orders, till receipts.

Tables of the source systems are views of it; they live in one module per domain.
"""

from dataclasses import dataclass
from functools import cached_property

from orchestration.sample.accounts import Accounts, make_accounts
from orchestration.sample.catalogue import Catalogue, make_catalogue
from orchestration.sample.opportunities import Opportunities, make_opportunities
from orchestration.sample.orders import Orders, make_orders
from orchestration.sample.quotes import Quotes, make_quotes
from orchestration.sample.receipts import (
    Cards,
    Receipts,
    Stores,
    make_cards,
    make_receipts,
    make_stores,
)
from orchestration.sample.registers import Registers
from orchestration.sample.tickets import Tickets, make_tickets
from orchestration.sample.world import World


@dataclass
class Business:
    """The company up to its last day; each part is made when it is first needed."""

    world: World

    @cached_property
    def registers(self) -> Registers:
        """Who is in which system."""
        return Registers(self.world)

    @cached_property
    def catalogue(self) -> Catalogue:
        """What is sold."""
        return make_catalogue(self.world)

    @cached_property
    def accounts(self) -> Accounts:
        """Business customers."""
        return make_accounts(self.world, self.registers.crm)

    @cached_property
    def opportunities(self) -> Opportunities:
        """What may be sold to business customers."""
        return make_opportunities(self.world, self.registers, self.accounts)

    @cached_property
    def quotes(self) -> Quotes:
        """What was offered to business customers."""
        return make_quotes(self.world.draws, self.opportunities)

    @cached_property
    def orders(self) -> Orders:
        """Orders of the web shop and the app."""
        return make_orders(self.world, self.registers, self.catalogue)

    @cached_property
    def stores(self) -> Stores:
        """Shops."""
        return make_stores(self.world)

    @cached_property
    def cards(self) -> Cards:
        """Loyalty cards."""
        return make_cards(self.world, self.registers.loyalty)

    @cached_property
    def receipts(self) -> Receipts:
        """Receipts of the tills."""
        return make_receipts(self.world, self.cards, self.stores, self.catalogue)

    @cached_property
    def tickets(self) -> Tickets:
        """Support tickets."""
        return make_tickets(self.world, self.registers, self.orders)
