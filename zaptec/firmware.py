"""Which firmware a charger runs, and which it could."""

from collections.abc import Mapping
from dataclasses import dataclass

from zaptec.values import as_flag, as_identifier, as_name, field


@dataclass(frozen=True)
class Firmware:
    """A charger's firmware; every field but the id is None for a charger that never came online."""

    charger_id: str
    current_version: str | None
    available_version: str | None
    is_up_to_date: bool | None

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> "Firmware":
        """Read one entry of `GET /api/chargerFirmware/installation/{id}`.

        Raises:
            ValueError: it has no ChargerId, or one too long to be one.
        """
        charger_id = as_identifier(field(data, "ChargerId"))
        if not charger_id:
            raise ValueError("firmware without a ChargerId")
        return cls(
            charger_id,
            as_name(field(data, "CurrentVersion")),
            as_name(field(data, "AvailableVersion")),
            as_flag(field(data, "IsUpToDate")),
        )
