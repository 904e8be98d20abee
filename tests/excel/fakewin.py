"""The Windows part of xlwings on any system: pywin32 and three handles of ctypes are stubbed, all else is as shipped.

``windows()`` imports ``xlwings._xlwindows`` once for the process. ``serve(application)`` makes a double of Excel's
object model the one running program; ``log`` collects what of it is touched.
"""

from __future__ import annotations

import atexit
import builtins
import ctypes
import datetime
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

WINDOW = 4711
#: Members of the object model that were touched: ``Range.Value2``, ``Interior.Color=``.
log: set[str] = set()
#: Ways to Excel and back that xlwings was made to go, each by what was asked for.
calls: Counter[str] = Counter()
#: What ``MessageBox`` showed.
alerts: list[str] = []
_running: dict[str, Any] = {}


class ComError(Exception):
    """``pywintypes.com_error``."""

    def __init__(self, hresult: int, text: str = "", excepinfo: Any = None) -> None:
        super().__init__(hresult, text, excepinfo, None)
        self.hresult = hresult
        self.strerror = text
        self.excepinfo = excepinfo


def refused(text: str) -> ComError:
    """An error that Excel itself raises, with its words."""
    return ComError(-2147352567, "Exception occurred.", (0, "Microsoft Excel", text, None, 0, -2146827284))


class _NoName:
    def GetIDsOfNames(self, _: int, name: str) -> int:  # noqa: N802
        raise ComError(-2147352570, f"Unknown name: {name}")


class Dispatched:
    """What the doubles derive from: ``CDispatch`` for xlwings, and a log of the members touched."""

    _oleobj_ = _NoName()

    def __getattribute__(self, name: str) -> Any:
        if name[0].isupper():
            log.add(f"{type(self).__name__}.{name}")
        return object.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name[0].isupper():
            log.add(f"{type(self).__name__}.{name}=")
            if not hasattr(type(self), name):
                raise ComError(-2147352570, f"Unknown name: {name}")
        object.__setattr__(self, name, value)


def _module(name: str, **members: Any) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module
    return module


def _get_active_object(program: str) -> Any:
    if program not in _running:
        raise ComError(-2147221021, "Operation unavailable")
    return _running[program]


def _message_box(window: int, text: str, title: str, style: int) -> int:
    alerts.append(text)
    return 1


def _install_stubs() -> None:
    _module("pywintypes", com_error=ComError, error=OSError, TimeType=datetime.datetime, IID=str)
    _module("pythoncom", CoInitialize=lambda: None, ole_error=ComError, com_error=ComError, __file__="pythoncom.dll")
    _module("win32api", MessageBox=_message_box)
    _module("win32con", MB_OK=0, MB_OKCANCEL=1, MB_YESNO=4, MB_YESNOCANCEL=3, MB_ICONINFORMATION=64, MB_ICONWARNING=48)
    _module("win32gui", FindWindowEx=lambda *_: 0)
    _module("win32process", GetWindowThreadProcessId=lambda window: (1, window))
    utc = SimpleNamespace(utc=lambda: datetime.UTC)
    _module("win32timezone", TimeZoneInfo=utc)
    client = _module(
        "win32com.client",
        CDispatch=Dispatched,
        CoClassBaseClass=type("CoClassBaseClass", (), {}),
        DispatchBaseClass=type("DispatchBaseClass", (), {}),
        Dispatch=lambda pointer: pointer,
        DispatchEx=lambda program: _get_active_object(program),
        GetActiveObject=_get_active_object,
    )
    _module("win32com", client=client, __path__=[])


def windows() -> Any:
    """``xlwings._xlwindows`` itself, driving whatever ``serve`` was given."""
    if "xlwings._xlwindows" in sys.modules:
        return sys.modules["xlwings._xlwindows"]
    _install_stubs()
    builtins.WindowsError = OSError  # type: ignore[attr-defined]
    function = SimpleNamespace(restype=None)
    anything = SimpleNamespace(
        ole32=SimpleNamespace(CLSIDFromString=lambda *_: 0),
        oleacc=SimpleNamespace(AccessibleObjectFromWindow=lambda *_: 0),
        user32=SimpleNamespace(
            GetTopWindow=lambda _: 0,
            GetWindow=lambda *_: 0,
            GetForegroundWindow=lambda: WINDOW,
            SetForegroundWindow=lambda _: 1,
            SetWindowPos=lambda *_: 1,
        ),
    )
    given = {name: getattr(ctypes, name, None) for name in ("windll", "oledll", "PyDLL")}
    ctypes.windll = ctypes.oledll = anything  # type: ignore[attr-defined]
    ctypes.PyDLL = lambda _: SimpleNamespace(PyCom_PyObjectFromIUnknown=function)  # type: ignore[assignment,misc]
    try:
        import xlwings
        from xlwings import _xlwindows
    finally:
        for name, value in given.items():
            if value is None:
                delattr(ctypes, name)
            else:
                setattr(ctypes, name, value)
    atexit.unregister(_xlwindows.cleanup)
    _count_calls(_xlwindows.COMRetryObjectWrapper)
    _xlwindows.N_COM_ATTEMPTS = 3
    _xlwindows.get_excel_hwnds = lambda: iter([WINDOW] if "Excel.Application" in _running else [])
    _xlwindows.get_xl_app_from_hwnd = lambda window: _xlwindows.COMRetryObjectWrapper(_running["Excel.Application"])
    xlwings.engines.add(xlwings.Engine(impl=_xlwindows.engine))
    xlwings.engines.active = xlwings.engines["excel"]
    return _xlwindows


def _count_calls(wrapper: Any) -> None:
    """Have the wrapper through which xlwings asks for everything count in ``calls``. Calling a method is counted when
    it is asked for."""
    asked, given, called, iterated = wrapper.__getattr__, wrapper.__setattr__, wrapper.__call__, wrapper.__iter__

    def count(of: Any, what: str) -> None:
        calls[f"{type(of._inner).__name__}{what}"] += 1

    def ask(self: Any, name: str) -> Any:
        count(self, f".{name}")
        return asked(self, name)

    def give(self: Any, name: str, value: Any) -> None:
        count(self, f".{name}=")
        given(self, name, value)

    def call(self: Any, *arguments: Any, **named: Any) -> Any:
        count(self, "()")
        return called(self, *arguments, **named)

    def iterate(self: Any) -> Iterator[Any]:
        for one in iterated(self):
            count(self, "[]")
            yield one

    wrapper.__getattr__, wrapper.__setattr__, wrapper.__call__, wrapper.__iter__ = ask, give, call, iterate


@contextmanager
def serve(application: Any, program: str = "Excel.Application"):  # type: ignore[no-untyped-def]
    """Make ``application`` (None: nothing) the running program that goes by this name."""
    windows()
    _running.clear()
    alerts.clear()
    if application is not None:
        _running[program] = application
    try:
        yield application
    finally:
        _running.clear()


def command_line(name: str) -> list[str]:
    """The words with which ``RunPython`` starts Python for the workbook ``name``."""
    return ["-c", f"--wb={name}", "--from_xl=1", "--app=", f"--hwnd={WINDOW}"]
