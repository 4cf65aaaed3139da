"""Where the document contradicts itself or keeps silent, how we read it, and why. Code that looks odd cites these."""

from __future__ import annotations

from typing import NamedTuple


class Doubt(NamedTuple):
    """One erratum that our code relies on; the id is that of the field reference."""

    id: str
    section: str
    question: str
    reading: str
    why: str


DOUBTS = (
    Doubt(
        "E-CRC",
        "3.1, 13.2",
        "Polynomial 0x180D, and which byte goes first?",
        "CRC-16/MODBUS, low byte first; high byte first is taken and remarked",
        "the printed tables are MODBUS, four samples prove the order; piles that swap the bytes exist",
    ),
    Doubt(
        "E-MAX",
        "3.1",
        "May the length byte exceed 200?",
        "yes, up to 255",
        "the printed card maxima of 0x44 to 0x48 and the QR frames need it",
    ),
    Doubt(
        "E-SN",
        "3.1",
        "Byte order of the frame serial?",
        "two raw bytes, echoed unchanged, never a reason to refuse",
        "the samples show both orders",
    ),
    Doubt(
        "E-ENC",
        "3.1",
        "How is a 3DES body decrypted?",
        "not at all: damage `encrypted`",
        "key, mode and padding are not given",
    ),
    Doubt(
        "E-DIR",
        "4, 12.3, 12.4",
        "Who sends 0xA3 and 0xA4?",
        "0xA4 the platform, 0xA3 the pile",
        "the sections, the names and the odd/even rule agree against the overview",
    ),
    Doubt(
        "E-LEN",
        "8.9 to 8.16, 10",
        "Declared lengths that differ from the tables?",
        "the tables hold; 0x61 to 0x63 also without their reserved bytes; surplus is kept",
        "the printed lengths are copies of neighbours",
    ),
    Doubt(
        "E-A2",
        "12.2",
        "A type byte 0x32 with a body of 44 bytes?",
        "read as 0xA2, with a remark",
        "the sample of 0xA2 is printed so",
    ),
    Doubt(
        "E-41",
        "8.10",
        "May 0x41 leave the card number out?",
        "a body of 8 bytes is taken",
        "the field is called not mandatory",
    ),
    Doubt(
        "E-GUN",
        "6 to 12",
        "Is the gun number BCD or binary?",
        "BCD as text, binary in 0x61 to 0x63",
        "so printed; up to gun 9 both are the same",
    ),
    Doubt(
        "E-BCDCODE",
        "8, 10, 12",
        "One-byte codes printed as BCD?",
        "plain numbers",
        "their listed values are no BCD",
    ),
    Doubt(
        "E-BITLEN",
        "8.1, 12.1",
        "Is the VIN 17 bits or 17 bytes?",
        "17 bytes",
        "sample and length byte agree",
    ),
    Doubt(
        "E-VIN",
        "7.3, 8.1, 8.7, 12.1",
        "Which VINs are turned round?",
        "0x31 and 0xA1 last character first, 0x3B and 0x15 in reading order",
        "stated for three of them; 0x15 as in GB/T 27930",
    ),
    Doubt(
        "E-CARD",
        "8",
        "Are card numbers turned round?",
        "eight opaque bytes in wire order, shown as hex",
        "the samples show them in reading order, two notes turn them",
    ),
    Doubt(
        "E-PAD",
        "6 to 12",
        "On which side is filled up with zeros?",
        "text at its end, card numbers in front",
        "the samples",
    ),
    Doubt(
        "E-TSN",
        "3.3",
        "What does a transaction serial consist of?",
        "ours: pile, gun, yyMMddHHmmss, running number; theirs: 32 digits, compared whole",
        "samples follow an older rule",
    ),
    Doubt(
        "E-PRICE",
        "6.8, 9.5",
        "Are the printed service prices byte-swapped?",
        "low byte first without guessing",
        "all other numbers of the document are",
    ),
    Doubt(
        "E-BIT1",
        "7.2",
        "Is Bit1 of hardware_fault the lowest bit?",
        "yes; the raw number is kept, and the emergency stop is looked for in both readings",
        "GB/T 27930 counts so; a pile may begin at bit 0",
    ),
    Doubt(
        "E-SCALE",
        "7",
        "Scales that are not printed?",
        "0x17 battery_voltage 0.1 V, energies and amounts of 0x13 four places",
        "as the same quantities elsewhere",
    ),
    Doubt(
        "E-400A",
        "7.4, 7.9",
        "Sign of currents with offset -400 A?",
        "raw * 0.1 - 400 as printed, so a charging current may be negative",
        "GB/T 27930 counts charging as negative",
    ),
    Doubt(
        "E-BSM",
        "7.10",
        "Value 01 of rows 12 to 14 printed as over-current?",
        "01 is abnormal; charge_permission 00 forbidden, 01 allowed",
        "copied from row 11; row 15 is named the other way round",
    ),
    Doubt(
        "E-STOP",
        "8.7, 13.1",
        "Stop reason 0x00, and 0x62 for B2015?",
        "any value is taken, 0x00 is none, 0x62 names GB2015",
        "the samples use 0x00; a misprint",
    ),
    Doubt(
        "E-TZ",
        "9.3",
        "Time zone and summer time?",
        "local time of the setting `timezone`; flags and weekday are kept and not interpreted",
        "nothing is said; China has one zone and no summer time",
    ),
    Doubt(
        "E-45",
        "8.14",
        "Nine or ten bytes for a card in 0x45?",
        "ten, as the table has it; what is left over is surplus",
        "without the request nine cannot be told from ten",
    ),
)
