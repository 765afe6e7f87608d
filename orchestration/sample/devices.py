"""Devices and cookies: a phone or two per person, tablets households share, kiosks in shops."""

import numpy as np
import pyarrow as pa

from orchestration.sample.columns import hexadecimal
from orchestration.sample.draws import Bits, Ints
from orchestration.sample.world import World

KIOSKS = 12
_HOUSEHOLD, _KIOSK, _STRANGER = 1 << 50, 1 << 51, 1 << 52


def device_of(world: World, person: Ints, key: Ints) -> Ints:
    """Return the device behind each act: mostly one's own, else the household's or a kiosk."""
    draws, household = world.draws, world.people.household[person]
    second = draws.chance("device.second", 0.3, key) & draws.chance(
        "device.has_second", 0.4, person
    )
    device = person * 2 + second
    shared = draws.chance("device.household", 0.15, household) & draws.chance(
        "device.shared", 0.5, key
    )
    device = np.where(shared, _HOUSEHOLD + household, device)
    kiosk = draws.chance("device.kiosk", 0.004, key)
    return np.where(kiosk, _KIOSK + draws.below("device.which_kiosk", KIOSKS, key), device)


def strangers(visit: Ints) -> Ints:
    """Return devices of visitors nobody knows."""
    return _STRANGER + visit


def device_names(world: World, device: Ints) -> pa.Array:
    """Return the identifiers of devices."""
    return hexadecimal(_identity(world, "device", device))


def cookie_names(world: World, device: Ints, since: Ints) -> pa.Array:
    """Return the browser's cookie on each device; people clear them every few months."""
    return hexadecimal(world.draws.bits("cookie.id", device, since // (100 * 86_400)), 12)


def device_keys(world: World, person: Ints, key: Ints) -> pa.Array:
    """Return the identifier of the device behind each act."""
    return device_names(world, device_of(world, person, key))


def _identity(world: World, stream: str, device: Ints) -> Bits:
    return world.draws.bits(f"{stream}.id", device)
