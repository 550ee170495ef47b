"""Words of the planted set: people of many cultures, made-up clients, shapes of numbers, and what people write.

Nobody here is anybody: first and last names are put together freely, clients and domains are made up.
"""
# ruff: noqa: RUF001

_PEOPLE = """Aoife Brennan|Siobhán Gallagher|Callum MacLeod|Rhys Llewellyn|Harriet Pemberton|Nigel Thistlewood|Deborah Kowalczyk|Marcus Whitfield|Tyrone Jefferson|LaToya Freeman|Brooke Hathaway|Garrett Lindqvist|Chad Oberholtzer
Priya Raghunathan|Arjun Mehta|Sandeep Chaudhary|Lakshmi Venkatesan|Harpreet Dhillon|Fatima Siddiqui|Imran Qureshi|Ayesha Rahmani|Tanvir Hossain|Dilani Wickramasinghe|Nuwan Perera
Wei Zhang|Xiaoling Chen|Jun Takahashi|Haruka Nakamura|Min-jun Park|Soo-yeon Choi|Nguyen Thao|Linh Pham|Somchai Wattana|Siti Rahmawati|Budi Santoso|Maricel Dela Cruz|Jejomar Villanueva
Oluwaseun Adeyemi|Chiamaka Okonkwo|Kwabena Asante|Thandiwe Nkosi|Sipho Dlamini|Amara Diallo|Tendai Moyo|Wanjiru Kamau|Abebe Tesfaye
Łukasz Wiśniewski|Zofia Nowakowska|Jiří Dvořák|Ágnes Szabó|Bogdan Ionescu|Mihaela Popescu|Dragan Petrović|Oksana Shevchenko|Dmitri Volkov|Svetlana Ivanova|Yiannis Papadopoulos|Georgi Dimitrov
Jürgen Müller|Anneliese Schröder|Torsten Vogel|Sven Lindström|Astrid Bergqvist|Mikkel Rasmussen|Ingrid Haugen|Pekka Virtanen|Joost van der Berg|Femke de Vries|Pieter Janssens
Étienne Lefèvre|Camille Rousseau|Giulia Bianchi|Lorenzo Esposito|José García|María Fernández|Joaquín Castellanos|Guadalupe Hernández|João Ferreira|Beatriz Oliveira|Thiago Cardoso
Omar Haddad|Layla Mansour|Yusuf Demir|Elif Yıldız|Reza Hosseini|Shirin Ahmadi|Noam Goldberg|Tamar Ben-David|Khalid Al-Farsi|Nour El-Sayed
Tane Ngata|Keala Kahananui|Mary O'Sullivan|Sean D'Angelo|Jean-Luc Fontaine|Anne-Marie Dubois|Mei-Ling Huang|Bob Tanner|Sue Hartley|Kev Mullins|Trish Donnelly|Gaz Burton|Hope Sinclair|Mark Ashdown|Will Carver|Grace Bellamy|Rose Attwood|Dawn Prescott|Art Fielding|Rob Chase"""
PEOPLE = [(name.split(" ", 1)[0], name.split(" ", 1)[1]) for name in _PEOPLE.replace("\n", "|").split("|")]

SUFFIXES = (", Inc.", " Inc", " Ltd", " LLC", " GmbH", " Pty Ltd", " LLP", " plc", " BV", " S.A.", " AG", " Corp")
_CLIENTS = """Brightwater Dental Ltd|Harlow & Finch LLP|Kestrel Logistics Inc|Northgate Veterinary|Pinecrest Academy|Silverbirch Care Homes Ltd|Ostrava Steel|Meridian Orthopaedics, Inc.|Vandermeer Bakery BV|Blue Heron Realty LLC|Tamworth Joinery|St. Brigid's Hospice
Quantock Cider Co|Ridgeway Plumbing|Zielinski Architects|Fjordkraft Marine|O'Malley Construction|Lumen Eye Clinic|Cobalt Mining Pty Ltd|Redfern Solicitors LLP|Apex Tooling GmbH|Hawthorn Insurance|Maple Leaf Nursery|Delta Freight Corp
Castellan Wealth AG|Nakagawa Foods|Peppercorn Catering|Two Rivers Council|Wychwood Brewery plc|Greystone Funeral Directors|Juniper Pediatrics|Osprey Aviation Services|Bramble Cottage Nursery Ltd|Ironbridge Foundry|Café Montaigne|Müller Feinmechanik GmbH|Target|Orange Grove|Summit|First Choice Lettings"""
CLIENTS = _CLIENTS.replace("\n", "|").split("|")

STEMS = "brightwater kestrel-log harlowfinch pinecrest silverbirch meridianortho vandermeer blueheron tamworthjoinery quantock fjordkraft lumeneye redfernlaw castellan wychwood greystone juniperpeds ospreyair ironbridge muellertech contoso-dental northgatevets zielinski eastmoor lakesidegp".split()  # noqa: SIM905
STREETS = [
    "Harbour",
    "Linden",
    "Victoria",
    "Magnolia",
    "Station",
    "Kings",
    "Orchard",
    "Garibaldi",
    "Wellington",
    "Cedar",
]
SECRET_WORDS = [
    "Summer",
    "Winter",
    "Dragon",
    "Welcome",
    "Falcon",
    "Coffee",
    "Tuesday",
    "Rainbow",
    "Orchid",
    "Marble",
    "Thunder",
]

PHONES = [
    "(AAA) OOO-LLLL", "AAA-OOO-LLLL", "AAA.OOO.LLLL", "+1 AAA OOO LLLL", "+1-AAA-OOO-LLLL", "1-AAA-OOO-LLLL", "AAA OOO LLLL", "+1 (AAA) OOO-LLLL", "AAA-OOO-LLLL x###", "(AAA) OOO-LLLL ext. ####", "AAAOOOLLLL",
    "020 7946 0###", "07700 900###", "+44 20 7946 0###", "+44 (0)161 496 0###", "0161 496 0###", "+447700900###", "01632 960###", "0044 7700 900###", "+44 7911 123###",
    "+49 30 901820##", "030 901820##", "0151 234567##", "+49 (0)89 6361####", "089/6361####", "+33 1 42 68 53 ##", "01 42 68 53 ##", "06 12 34 56 ##", "+33 6 12 34 56 ##",
    "+61 2 9374 4###", "(02) 9374 4###", "0412 345 6##", "+61 412 345 6##", "1300 975 7##", "+64 9 887 6###", "021 345 6##", "+91 98765 432##", "098765 432##", "+91-80-2222-####", "+86 138 1234 56##", "+81 3-3224-9###", "03-3224-9###",
    "+31 20 794 08##", "06-123456##", "+46 8 123 456 ##", "070-123 45 ##", "+47 22 34 56 ##", "+45 32 12 34 ##", "+358 9 1234 5##", "+48 22 345 67 ##", "+420 222 333 4##", "+39 06 698 8####", "+34 912 345 6##", "612 345 6##",
    "+55 11 98765-43##", "(11) 98765-43##", "+52 55 1234 56##", "+27 21 460 9###", "082 123 45##", "+234 803 123 45##", "+971 4 366 8###", "+972 3-608-7###", "+65 6222 1###", "+852 2521 6###", "+353 1 679 9###", "+1 800 555 01##", "1-800-555-01##",
]  # fmt: skip

TEMPLATES = [
    "Hi <first>, can you take a look at <host> when you get a chance?", "<full> from <client> called, the printer on <ip> is offline again.", "Just spoke with <person>, they can't log in to the portal.",
    "Spoke to <full> about the renewal. Call back on <phone>.", "Thanks <first>!", "Thanks,\n<full>\n<phone>\n<email>", "Regards,\n<first>", "Kind regards\n<full>\nIT Manager\n<client>\nT: <phone>",
    "please reset the password for <upn>, temp password: <password>", "new pw is <password> for the wifi", "Admin creds: user <upn> / password <password>", "local admin password = <password>", "The PIN and the passcode: <password>, don't share it",
    "her email is <email>", "forwarded from <email> to <email>", "Please add <email> to the distribution list", "mailbox <email> is over quota", "Mail from <email> was quarantined",
    "You can reach <first> at <phone>", "tel <phone>", "My cell: <phone>", "Customer's number is <phone>, ask for <first>", "Callback number <phone> between 9 and 5", "rang <phone>, no answer, left voicemail", "Mobile: <phone> / Office: <phone>",
    "<host> is down, pinging <ip> times out", "RDP to <host> fails with error 0x204", "Rebooted <host> and <host>, monitoring now", "Backup job on <host> failed: VSS writer timeout", "Disk C: on <host> at 96%", "RMM alert: <host> offline since 02:14", "can't reach <ip> from the <ip> vlan", "DNS A record for <host> points to <ip>", "DHCP lease <ip> -> <mac>", "Firewall rule allow <ip> to <ip>", "ssh to <ip> refused", "the switch port shows mac <mac>", "MAC address <mac> flapping between ports 3 and 14",
    "Dell laptop, service tag <serial>, out of warranty", "S/N: <serial>", "serial number <serial>, please raise an RMA", "Serial No. <serial> (FortiGate)", "asset tag <asset> goes to <full>", "Asset: <asset>, model Latitude 5440", "The serial is <serial>", "SN <serial> shipped yesterday",
    "API key: <key>", "use this token <key> for the integration", "export AWS_SECRET_ACCESS_KEY=<key>", "Found in the repo: <key>", "BitLocker recovery key <key>", "client secret <key> expires in May", "webhook is <key>", "Windows key is <key>", "Authorization: Bearer <key>", "the old script had <key> hard coded",
    "card number <card> exp 04/28", "They paid with <card>", "IBAN <iban> for the refund", "Bank: <iban>", "log in at <url>", "see <url> for the share", "mapped drive to <url> is gone", "Console: <url>", "tenant id <guid>", "Subscription <guid> is over budget", "Azure object <guid> could not be deleted", "Intune device id: <guid>",
    "Profile at C:\\Users\\<user>\\AppData\\Local is corrupt", "rm -rf /home/<user>/.cache fixed it", "/Users/<user>/Library/Logs is 40 GB", "C:\\Users\\<user>\\OneDrive sync stuck", "Ship the replacement to <address>", "Site address: <address>", "The office at <address> has no internet", "DOB <birthday>", "date of birth: <birthday>, verify before the reset", "Born <birthday>", "SSN <ssn> was in the mail", "social security number <ssn>",
    "<client> is migrating to 365 next month", "Onsite at <client> tomorrow", "ticket for <client>: users report slow VPN", "<client>'s server is out of space", "call <client> re invoice", "escalated to <full> at <client>", "New starter at <client>: <full>, starts Monday, manager <full>", "Leaver: <full>, please disable <email>", "Mr <last> would like a call", "Mrs. <last> cannot print", "Dr. <last> needs access to the imaging server", "Ms <last> rang about her laptop",
    "@<first> can you check this?", "<first> said the VPN dropped twice today", "assigned to <full>", "ask <first> if the license is renewed", "cc <full>", "I'm <full> and I can't open Outlook", "This is <first> from accounting, my screen is black", "My name is <full>", "<first> will be on site at 10", "Could <first> or <first> approve the change?", "approved by <full> on 3 March", "Contact: <full>", "User: <full>", "Requester: <reversed>", "<first>'s monitor flickers", "Good morning <first>,\nThe server is back up.", "Hello <first>, hope you are well.", "Dear <full>,", "Dear Mr <last>,", "Hey <first> - quick one", "Cheers, <first>", "meeting with <full> and <full> at 3pm", "<full> (finance) gets an MFA loop", "waiting on <first> to sign off", "I gave <full> access to the shared mailbox", "Teams call with <full> went fine", "Let <first> know when done", "the laptop belongs to <full>", "<full> <email> <phone>", "on behalf of <full>", "reported by <full>, assigned <first>", "per <first>, hold off until Friday", "remote session with <first>, cleared the cache", "<first> confirmed it works now", "Set up <full> with a new iPhone",
    "user=<user> src=<ip> action=deny", "login failed for <upn> from <ip>", "2024-05-01T10:22:31Z sshd[2211]: Accepted publickey for <user> from <ip> port 51122", "NTLM auth for <upn> on <host> failed (0xC000006A)", "Hola <first>, el servidor <host> no responde", "Bonjour <first>, le poste <host> ne démarre pas", "Hallo <first>, der Drucker <ip> geht nicht", "Guten Tag Herr <last>, das Passwort lautet <password>", "Merci,\n<full>", "Bonjour Madame <last>,",
]  # fmt: skip

CLEAN = [
    "Rebooted the server, all services green.", "Windows 11 build 10.0.22631.3007 installed", "Updated FortiOS to 7.2.8 and Chrome to 121.0.6167.140", "KB5034441 fails with 0x80070643", "Ticket #<=######> closed, no response in 3 days", "See INC00<=#####> for details", "Outlook keeps asking for credentials after the update", "Exchange Online PowerShell module v3.4.0 needed", "The meeting is at 10:30 on Tuesday 14 May 2024", "Invoice total $1,249.00, due 30/06/2024",
    "Microsoft Teams and SharePoint are both slow today", "Please run sfc /scannow and chkdsk", "Error 1603 during the installation of Adobe Acrobat", "Can someone take the next one in the queue?", "Increased the volume from 500 GB to 750 GB", "Patch Tuesday is next week", "Cleared the print spooler and it works", "Just restart Explorer", "Thanks all, closing this now.", "Good morning team, two P1s overnight, both resolved.", "Hi team, reminder to log your time", "Kind regards", "The Veeam job ran for 04:22:10 and moved 1.2 TB", "Latitude 5440, 16 GB RAM, 512 GB SSD", "HP LaserJet Pro M404dn needs a new drum", "Event ID 4625 logged 312 times since 08:00", "Set MTU to 1492 and rekeyed the tunnel", "Power cycled the Meraki MX68, back online", "Will do", "Mark as resolved please", "May need a reboot after the patch", "Hope that helps", "Moved to Azure Virtual Desktop in UK South", "Intune Autopilot profile assigned, waiting for sync", "CPU at 98% because of svchost.exe", "The SSL certificate expires in 14 days", "PST export finished: 48,211 items", "Added to the Change Advisory Board agenda for Thursday", "Change CHG00<=####> approved", "Office 365 E3 licence removed, Business Premium assigned", "User confirmed it works, closing", "Conditional Access blocks legacy authentication", "docker run -p 8080:80 nginx:1.25.3", "The Cisco Catalyst 9200 has a failed PSU", "Python 3.11.4 and Node 20.10.0 on the build box", "uptime 214 days, load 0.02 0.05 0.01", "git commit 4f2a9c1 fixes the sync", "Google Workspace to Microsoft 365 migration, phase 2", "Adobe Creative Cloud needs an admin login", "Is the VPN down for everyone or only for me?", "Can you check the Sophos Central alert about Ransomware?", "Printer jams on tray 2, paper type A4", "2024-05-01 10:22:31 INFO Service started in 3412 ms", "Waiting for the vendor, ETA Friday 17:00", "Please read https://learn.microsoft.com/en-us/windows/ and try again", "Documented at https://docs.fortinet.com/ under Administration Guide", "SLA is 4 hours, priority 2", "Order 4500<=######> shipped", "Replaced RAM in slot 2, memtest passed 4 of 4", "DHCP scope is 80% full", "Room 214, third floor, next to Reception", "Ran Disk Cleanup, freed 12,482 MB", "Screen resolution back to 1920x1080", "Subject: Scheduled maintenance on Saturday", "Escalated to Tier 2, Network Operations", "Adobe, Zoom and Slack all open fine now", "Dell Command Update found 7 updates", "Remote Desktop Services role installed", "Datto appliance screenshot verification failed", "Tested with Chrome, Edge and Firefox", "SQL Server 2019 CU25 applied", "phase 1 done, phase 2 on Monday, phase 3 in Q3", "Spoke with the client, they are happy", "Ask the vendor about the Warranty", "Hello, is anybody on call this weekend?", "It fails at step 12 of 37 with code 0xC1900101-0x30018", "Job 1<=#########> done",
]  # fmt: skip
