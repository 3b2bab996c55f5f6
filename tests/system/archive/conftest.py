from tests.system.archive.host import Archive
from tests.system.system import applied

archive = applied("archive", Archive)
